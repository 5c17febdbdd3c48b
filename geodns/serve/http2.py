"""A connection that speaks HTTP/2 (RFC 9113), by way of the h2 library: frames ↔ requests and responses.

A request is answered when it is whole, so streams are short; what may pile up has a limit each:

    octets of requests      the flow control window of the connection, which opens only as requests are answered, by
                            OPENED at a time
    octets of replies       requests wait while more than UNSENT_LIMIT of them wait for the client's windows
    frames without a query  PATIENCE: pings, settings, resets (CVE-2023-44487) and the like wear it out, queries
                            restore it
    octets without a query  LONGEST_SILENCE: header blocks that do not end (CVE-2024-27316), padding, partial frames
    time                    the connection's idle time, from one query answered to the next
"""

from collections import deque
from collections.abc import Sequence

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    RemoteSettingsChanged,
    RequestReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
    WindowUpdated,
)
from h2.events import (
    Event as H2Event,
)
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from geodns.serve.compression import Decoder, Encoder
from geodns.serve.connection import UNSENT_LIMIT
from geodns.serve.counts import Event
from geodns.serve.fields import BadFields, check_trailers, request_of
from geodns.serve.https import LARGEST_HEADERS, LARGEST_QUERY, TOO_LARGE, Https, Request, Response, refusal
from geodns.serve.line import Line

STREAMS = 100  # requests of a connection at a time
PATIENCE = 500  # frames that bring no query
RESTORED = 4  # by a query: acknowledgements and windows come with it
RESET_COSTS = RESTORED + 1  # a query that is taken back restores nothing
LONGEST_SILENCE = 131072  # octets
OPENED = 16384  # octets, a quarter of the connection's window

_CONFIG = H2Configuration(
    client_side=False,
    header_encoding=None,
    # What comes is judged in fields.py, for less; cookies, which would be put together, are nothing to us.
    validate_inbound_headers=False,
    normalize_inbound_headers=False,
    # Ours are as they should be.
    validate_outbound_headers=False,
    normalize_outbound_headers=False,
)
_SETTINGS = {
    SettingCodes.MAX_CONCURRENT_STREAMS: STREAMS,
    SettingCodes.MAX_HEADER_LIST_SIZE: LARGEST_HEADERS,
    SettingCodes.ENABLE_PUSH: 0,
}


class _Connection(H2Connection):
    """h2 remembers how streams ended, for what still comes on them; by default of 65,536, which takes 7 MB."""

    MAX_CLOSED_STREAMS = 2 * STREAMS


class Http2:
    """A Speaker."""

    is_busy = False  # every request is answered at once

    def __init__(self, line: Line, shared: Https) -> None:
        self._line = line
        self._shared = shared
        self._h2 = _Connection(_CONFIG)
        self._h2.local_settings = Settings(client=False, initial_values=_SETTINGS)
        self._h2.decoder, self._h2.encoder = Decoder(LARGEST_HEADERS), Encoder()
        self._requests: dict[int, Request] = {}  # not whole yet
        self._uncredited: dict[int, int] = {}  # octets of a stream that no window was opened for again
        self._answered = 0  # the same, of requests that were answered
        self._waiting: deque[tuple[int, Request]] = deque()  # whole, and to be answered
        self._unsent: dict[int, memoryview] = {}  # rests of replies
        self._unsent_size = 0
        self._patience = PATIENCE
        self._silence = 0
        self._h2.initiate_connection()
        self._flush()

    def received(self, octets: memoryview) -> None:
        self._silence += len(octets)
        self._go_on(octets)

    def resumed(self) -> None:
        self._go_on(b"")

    def finished(self) -> bool:
        return False

    def leave(self) -> None:
        self._h2.close_connection()
        self._end()

    def lost(self) -> None:
        self._waiting.clear()

    def _go_on(self, octets: memoryview | bytes) -> None:
        try:
            self._take_all(self._h2.receive_data(bytes(octets)))
            self._answer_waiting()
        except ProtocolError:
            self._close_malformed()
            return
        except BadFields:
            self._h2.close_connection(ErrorCodes.PROTOCOL_ERROR)
            self._close_malformed()
            return
        if self._patience < 0 or self._silence > LONGEST_SILENCE:
            self._lose_patience()
            return
        self._flush()

    # ── what comes ────────────────────────────────────────────────────────────────────────────────────────────────

    def _take_all(self, events: Sequence[H2Event]) -> None:
        # First: the library knows already that these streams are gone, whatever else it tells of them.
        gone = {event.stream_id for event in events if isinstance(event, StreamReset)}
        for stream in gone:
            self._take_back(stream)
        for event in events:
            match event:
                case RequestReceived() | StreamEnded() if event.stream_id in gone:
                    pass
                case RequestReceived():
                    self._begin(event)
                case DataReceived():
                    self._take_body(event)
                case StreamEnded():
                    self._take_whole(event.stream_id)
                case ConnectionTerminated():
                    self._line.close()
                case WindowUpdated() | RemoteSettingsChanged():
                    self._patience -= 1
                    self._send_unsent()
                case TrailersReceived():
                    check_trailers(event.headers)
                case StreamReset():
                    pass
                case _:  # pings, priorities, acknowledgements, what nobody knows
                    self._patience -= 1

    def _begin(self, event: RequestReceived) -> None:
        request, length = request_of(event.headers)
        if length > LARGEST_QUERY:
            self._refuse(event.stream_id)
        else:
            self._requests[event.stream_id] = request

    def _take_body(self, event: DataReceived) -> None:
        stream = event.stream_id
        self._uncredited[stream] = self._uncredited.get(stream, 0) + event.flow_controlled_length
        request = self._requests.get(stream)
        if request is None:  # refused already
            self._credit(stream)
            return
        if not event.data:
            self._patience -= 1
        request.body += event.data
        if len(request.body) > LARGEST_QUERY:
            self._refuse(stream)

    def _take_whole(self, stream: int) -> None:
        request = self._requests.pop(stream, None)
        if request is not None:
            self._waiting.append((stream, request))

    def _refuse(self, stream: int) -> None:
        """Before the request is whole. What is still to come of it is passed over, within LONGEST_SILENCE: to reset the
        stream, as RFC 9113 §8.1 allows, makes clients miss the status."""
        self._shared.counts.add(Event.REQUEST_REFUSED)
        self._forget(stream)
        self._send(stream, refusal(TOO_LARGE))

    def _take_back(self, stream: int) -> None:
        self._patience -= RESET_COSTS
        self._shared.counts.add(Event.STREAM_RESET)
        self._forget(stream)

    def _forget(self, stream: int) -> None:
        self._requests.pop(stream, None)
        self._unsent_size -= len(self._unsent.pop(stream, b""))
        self._waiting = deque(each for each in self._waiting if each[0] != stream)
        self._credit(stream)

    def _credit(self, stream: int) -> None:
        """More may come on this stream."""
        size = self._uncredited.pop(stream, 0)
        if size:
            self._h2.acknowledge_received_data(size, stream)

    def _credit_answered(self, stream: int) -> None:
        """No more comes on this stream, so the window of the connection is all there is to open."""
        self._answered += self._uncredited.pop(stream, 0)
        if self._answered >= OPENED:
            self._h2.increment_flow_control_window(self._answered)
            self._answered = 0

    # ── what goes ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _answer_waiting(self) -> None:
        answered = False
        while self._waiting and self._unsent_size <= UNSENT_LIMIT and self._line.is_open:
            stream, request = self._waiting.popleft()
            self._credit_answered(stream)
            self._send(stream, self._shared.respond(request, self._line.client))
            self._patience = min(PATIENCE, self._patience + RESTORED)
            answered = True
        if answered:
            self._silence = 0
            self._line.got_on()

    def _send(self, stream: int, response: Response) -> None:
        headers = ((b":status", b"%d" % response.status), *self._shared.headers(response))
        body = response.body
        self._h2.send_headers(stream, headers, end_stream=not body)
        if body:
            if len(body) <= self._room(stream):
                self._h2.send_data(stream, body, end_stream=True)
            else:
                self._unsent[stream] = memoryview(body)
                self._unsent_size += len(body)
                self._send_body(stream)
        # Each by itself, in a TLS record of its own: of several in one, dnsperf counts one. And what is written may
        # fill the line, and then no more is answered.
        self._flush()

    def _room(self, stream: int) -> int:
        """Octets that a frame may have now."""
        return min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)

    def _send_unsent(self) -> None:
        for stream in list(self._unsent):
            self._send_body(stream)

    def _send_body(self, stream: int) -> None:
        """As much as the client's windows let through."""
        rest = self._unsent[stream]
        while rest:
            size = min(len(rest), self._room(stream))
            if size <= 0:
                break
            self._h2.send_data(stream, bytes(rest[:size]), end_stream=size == len(rest))
            rest = rest[size:]
            self._unsent_size -= size
        if rest:
            self._unsent[stream] = rest
        else:
            del self._unsent[stream]

    def _flush(self) -> None:
        octets = self._h2.data_to_send()
        if octets:
            self._line.write(octets)

    # ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _close_malformed(self) -> None:
        self._shared.counts.add(Event.CONNECTION_MALFORMED)
        self._end()

    def _lose_patience(self) -> None:
        self._shared.counts.add(Event.PATIENCE_LOST)
        self._h2.close_connection(ErrorCodes.ENHANCE_YOUR_CALM)
        self._end()

    def _end(self) -> None:
        self._waiting.clear()
        self._flush()
        self._line.close()
