"""TLS in a stream, between its connection and what is spoken inside: sealed octets below, plain ones above.

Sans-IO, by way of OpenSSL's memory buffers, so that limits are the connection's own: its idle time also ends a
handshake that gets nowhere, and no more is decrypted than the replies to it are taken.
"""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from geodns.serve.counts import Counts, Event
from geodns.serve.line import Line, Speaker

HANDSHAKE_WITHIN = 5.0  # seconds
PLAIN_CHUNK = 4096  # octets decrypted at a time
GATHERED = 16384  # octets that leave as one write: as many as a TLS record has

SpeakBy = Callable[[Line, str | None], Speaker]  # by the protocol that ALPN agreed on, if it did


class Encryption:
    """What the connections of one transport share. `context` is asked at each handshake."""

    def __init__(
        self,
        context: Callable[[], ssl.SSLContext],
        speak: SpeakBy,
        counts: Counts,
        *,
        handshake_within: float = HANDSHAKE_WITHIN,
    ) -> None:
        self.context = context
        self.speak_by = speak
        self.counts = counts
        self.handshake_within = handshake_within
        self.plain = memoryview(bytearray(PLAIN_CHUNK))  # filled and emptied within one call, so one serves all

    def speak(self, line: Line) -> "Tls":
        return Tls(line, self)


class Tls:
    """A Speaker to its line, a Line to its speaker."""

    def __init__(self, line: Line, shared: Encryption) -> None:
        self._line = line
        self._shared = shared
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = shared.context().wrap_bio(self._in, self._out, server_side=True)
        self._speaker: Speaker | None = None  # None: hands are being shaken
        self._reading = False
        self._closed = False
        self._timer = asyncio.get_running_loop().call_later(shared.handshake_within, self._fail)

    # ── a Speaker ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def is_busy(self) -> bool:
        return self._speaker is not None and self._speaker.is_busy

    def received(self, octets: memoryview) -> None:
        self._in.write(octets)
        self._go_on()

    def resumed(self) -> None:
        if self._speaker is None:
            return
        self._speaker.resumed()
        self._go_on()

    def finished(self) -> bool:
        return self._speaker is not None and self._speaker.finished()

    def leave(self) -> None:
        if self._speaker is None:
            self._line.abort()
        else:
            self._speaker.leave()

    def lost(self) -> None:
        self._timer.cancel()
        if self._speaker is not None:
            self._speaker.lost()

    # ── a Line ────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def client(self) -> memoryview:
        return self._line.client

    @property
    def is_open(self) -> bool:
        return not self._closed and self._line.is_open

    def write(self, octets: bytes) -> None:
        if self._closed:
            return
        self._ssl.write(octets)
        # While a chunk is being read, its replies leave together.
        if not self._reading or self._out.pending >= GATHERED:
            self._flush()

    def got_on(self) -> None:
        self._line.got_on()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        with suppress(ssl.SSLError):
            self._ssl.unwrap()  # writes that we say no more, and would like to read the same of the peer
        self._flush()
        self._line.close()

    def abort(self) -> None:
        self._closed = True
        self._line.abort()

    # ── between them ──────────────────────────────────────────────────────────────────────────────────────────────

    def _go_on(self) -> None:
        if self._closed:
            return
        self._reading = True
        try:
            if self._speaker is None:
                self._shake_hands()
            else:
                self._read(self._speaker)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self._fail()
        finally:
            self._reading = False
            self._flush()

    def _shake_hands(self) -> None:
        self._ssl.do_handshake()
        self._timer.cancel()
        self._shared.counts.add(Event.SECURED)
        if self._ssl.session_reused:
            self._shared.counts.add(Event.RESUMED)
        speaker = self._speaker = self._shared.speak_by(self, self._ssl.selected_alpn_protocol())
        self._read(speaker)

    def _read(self, speaker: Speaker) -> None:
        while self.is_open:
            size, end = self._decrypt()
            if size:
                speaker.received(self._shared.plain[:size])
            if end is None or not self.is_open:  # what is to be answered yet comes before any end
                continue
            if not isinstance(end, ssl.SSLZeroReturnError):
                raise end
            if not speaker.finished():
                self.close()
            return

    def _decrypt(self) -> tuple[int, ssl.SSLError | None]:
        """Octets of as many records as there is room for, and why there are no more. Queries mostly come in a record
        each, and are cheaper to answer together."""
        plain, size = self._shared.plain, 0
        try:
            while size < len(plain):
                part = cast(int, self._ssl.read(len(plain) - size, plain[size:]))
                if part == 0:
                    return size, ssl.SSLZeroReturnError()  # the peer says no more
                size += part
        except ssl.SSLError as error:
            return size, error
        return size, None

    def _flush(self) -> None:
        if self._out.pending:
            self._line.write(self._out.read())

    def _fail(self) -> None:
        """Also called by the timer. What OpenSSL has to say of it (an alert) is sent."""
        self._timer.cancel()
        self._shared.counts.add(Event.HANDSHAKE_FAILED if self._speaker is None else Event.CONNECTION_MALFORMED)
        self._closed = True
        self._flush()
        self._line.close()
