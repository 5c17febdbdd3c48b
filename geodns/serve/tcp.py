"""Queries framed in a stream, TCP's or one inside TLS (RFC 7766, 7858): each is answered as soon as it is whole, in
order, save for replies that take long (at_length), which hold up none of those behind them.
"""

from geodns.answer.terms import LARGEST, TCP
from geodns.serve.at_length import AtLength, LongReplies
from geodns.serve.counts import Counts, Event
from geodns.serve.desk import ReplyTo
from geodns.serve.framing import PREFIX, BadFrame, Framing
from geodns.serve.line import Line

GATHERED = 16384  # octets


class Streams:
    """What the streams of one transport share. `at_length` None: no reply takes long."""

    def __init__(
        self, reply_to: ReplyTo, counts: Counts, transport: int = TCP, at_length: AtLength | None = None
    ) -> None:
        self.reply_to = reply_to
        self.counts = counts
        self.transport = transport
        self.at_length = at_length
        self.reply = memoryview(bytearray(PREFIX + LARGEST))  # filled and copied within one call

    def speak(self, line: Line) -> "Stream":
        return Stream(line, self)


class Stream:
    """A Speaker."""

    def __init__(self, line: Line, shared: Streams) -> None:
        self._line = line
        self._shared = shared
        self._framing = Framing()
        self._long = LongReplies(line)
        self._gathered = bytearray()  # replies that leave as one write

    @property
    def is_busy(self) -> bool:
        return len(self._long) > 0

    def received(self, octets: memoryview) -> None:
        if self._long.closing:
            return
        self._framing.feed(octets)
        self._answer_whole_messages()

    def resumed(self) -> None:
        self._long.resumed()
        self._answer_whole_messages()

    def finished(self) -> bool:
        self._long.closing = True
        return self.is_busy

    def leave(self) -> None:
        """Long replies are broken off, as those who wait for them will ask again."""
        self._long.cancel()
        self._line.close()

    def lost(self) -> None:
        self._long.cancel()

    def _answer_whole_messages(self) -> None:
        answered = False
        try:
            while self._line.is_open:
                message = self._framing.next()
                if message is None:
                    break
                self._answer(message)
                answered = True
        except BadFrame:
            self._shared.counts.add(Event.CONNECTION_MALFORMED)
            self._flush()
            self._line.close()
            return
        self._flush()
        if answered:
            self._line.got_on()

    def _answer(self, message: bytes) -> None:
        shared = self._shared
        shared.counts.add(Event.MESSAGE)
        if shared.at_length is not None and not self._long.is_full:
            messages = shared.at_length(message, self._line.client, shared.transport)
            if messages is not None:
                self._long.begin(messages)
                return
        reply = shared.reply
        length = shared.reply_to(memoryview(message), len(message), self._line.client, shared.transport, reply[PREFIX:])
        if length == 0:
            return
        reply[:PREFIX] = length.to_bytes(PREFIX, "big")
        # Length and message leave as one write (RFC 7766 §8), and replies to what came together do.
        self._gathered += reply[: PREFIX + length]
        if len(self._gathered) >= GATHERED:
            self._flush()

    def _flush(self) -> None:
        if self._gathered:
            self._line.write(bytes(self._gathered))
            self._gathered.clear()
