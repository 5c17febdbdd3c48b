"""HTTP/2 without sockets: h2 as client, and octets that no good client sends."""

import base64
import random
import tracemalloc
from collections.abc import Callable, Iterable
from typing import Any

import hpack
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import ConnectionTerminated, DataReceived, ResponseReceived, StreamEnded
from h2.events import Event as H2Event
from h2.settings import SettingCodes, Settings

from geodns.serve.counts import Counts, Event
from geodns.serve.desk import ReplyTo
from geodns.serve.http2 import LONGEST_SILENCE, PATIENCE, STREAMS, Http2
from geodns.serve.https import LARGEST_HEADERS, LARGEST_QUERY, Https
from tests.serve.lines import Remembered
from tests.serve.standins import always, echo, private_counts, query, response

GET = [(":method", "GET"), (":scheme", "https"), (":authority", "localhost")]


class Talk:
    """A client and a session that exchange octets when they are told to."""

    def __init__(self, reply_to: ReplyTo = echo, *, settings: dict[SettingCodes, int] | None = None) -> None:
        self.line = Remembered()
        self.counts: Counts = private_counts()
        self.session = Http2(self.line, Https(reply_to, self.counts, "/dns-query"))
        self.client = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        if settings:
            self.client.local_settings = Settings(client=True, initial_values=settings)
        self.client.initiate_connection()
        self.events: list[H2Event] = []
        self.exchange()

    def exchange(self) -> None:
        """Until neither has anything to say."""
        while True:
            said = self.client.data_to_send()
            if said and not self.line.is_closed:
                self.hear(said)
            heard = self.line.taken()
            if heard:
                self.events += self.client.receive_data(heard)
            if not said and not heard:
                return

    def hear(self, octets: bytes, chunk: int = 4096) -> None:
        for at in range(0, len(octets), chunk):
            self.session.received(memoryview(octets)[at : at + chunk])

    def post(self, body: bytes, *, end: bool = True, length: int | None = None) -> int:
        stream = self.client.get_next_available_stream_id()
        headers = [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", "localhost"),
            (":path", "/dns-query"),
            ("content-type", "application/dns-message"),
        ]
        if length is not None:
            headers.append(("content-length", str(length)))
        self.client.send_headers(stream, headers)
        while body:
            size = min(len(body), self.client.local_flow_control_window(stream), 16384)
            if not size:
                break
            self.client.send_data(stream, body[:size])
            body = body[size:]
        if end:
            self.client.end_stream(stream)
        return stream

    def of(self, kind: type[H2Event], stream: int | None = None) -> list[Any]:
        return [
            each for each in self.events if isinstance(each, kind) and stream in (None, getattr(each, "stream_id", 0))
        ]

    def body(self, stream: int) -> bytes:
        return b"".join(each.data for each in self.of(DataReceived, stream))

    def status(self, stream: int) -> int:
        (answered,) = self.of(ResponseReceived, stream)
        return int(dict(answered.headers)[b":status"])

    def open_windows(self) -> None:
        for each in self.of(DataReceived):
            self.client.acknowledge_received_data(each.flow_controlled_length, each.stream_id)
        self.events = [each for each in self.events if not isinstance(each, DataReceived)]


def test_many_requests_at_once_get_each_its_own_answer() -> None:
    talk = Talk()
    streams = {talk.post(query(n)): n for n in range(STREAMS)}
    talk.exchange()
    for stream, n in streams.items():
        assert (talk.status(stream), talk.body(stream)) == (200, response(n))
        assert talk.of(StreamEnded, stream)
    assert talk.counts.read()[Event.MESSAGE] == STREAMS


def test_a_request_that_comes_octet_by_octet_is_answered() -> None:
    talk = Talk()
    stream = talk.post(query(7))
    talk.hear(talk.client.data_to_send(), chunk=1)
    talk.exchange()
    assert talk.body(stream) == response(7)


def test_each_response_is_written_by_itself() -> None:
    """So that each has a TLS record of its own: of several in one, dnsperf counts one."""
    talk = Talk()
    for n in range(5):
        talk.post(query(n))
    before = talk.line.writes
    talk.hear(talk.client.data_to_send())
    assert talk.line.writes - before == 5


def test_trailers_are_passed_over() -> None:
    talk = Talk()
    stream = talk.post(query(7), end=False)
    talk.client.send_headers(stream, [("x-checksum", "1")], end_stream=True)
    talk.exchange()
    assert talk.body(stream) == response(7)


def test_requests_go_on_for_ever_as_windows_open_again() -> None:
    talk = Talk()
    for n in range(300):
        stream = talk.post(query(n) + bytes(2000))
        talk.exchange()
        assert talk.body(stream)[:2] == query(n)[:2]
        talk.open_windows()
    assert not talk.line.is_closed


def test_the_client_is_told_the_limits() -> None:
    told = Talk().client.remote_settings
    assert told.max_concurrent_streams == STREAMS
    assert told.max_header_list_size == LARGEST_HEADERS


def test_a_reply_larger_than_the_windows_waits_for_them() -> None:
    talk = Talk(always(60000), settings={SettingCodes.INITIAL_WINDOW_SIZE: 1000})
    stream = talk.post(query(7))
    talk.exchange()
    assert len(talk.body(stream)) == 1000
    talk.client.increment_flow_control_window(500, stream)
    talk.exchange()
    assert len(talk.body(stream)) == 1500
    talk.client.increment_flow_control_window(60000, stream)
    talk.exchange()
    assert len(talk.body(stream)) == 60000
    assert talk.of(StreamEnded, stream)


def test_who_never_opens_a_window_is_answered_no_further() -> None:
    talk = Talk(always(60000), settings={SettingCodes.INITIAL_WINDOW_SIZE: 0})
    for n in range(STREAMS):
        talk.post(query(n))
        talk.exchange()
    assert talk.counts.read()[Event.MESSAGE] == 1, "more would only be kept in memory"
    assert talk.line.got_on_times == 1, "so its idle time runs out"


def test_where_the_line_is_not_open_requests_wait() -> None:
    talk = Talk()
    talk.line.is_open = False
    streams = [talk.post(query(n)) for n in range(3)]
    talk.exchange()
    assert talk.counts.read()[Event.MESSAGE] == 0
    talk.line.is_open = True
    talk.session.resumed()
    talk.exchange()
    assert [talk.body(stream) for stream in streams] == [response(n) for n in range(3)]


def test_a_reply_that_waited_for_a_stream_that_was_reset_is_forgotten() -> None:
    talk = Talk(always(60000), settings={SettingCodes.INITIAL_WINDOW_SIZE: 0})
    first = talk.post(query(1))
    talk.exchange()
    # In one go: the window for it opens, and it is reset.
    talk.client.increment_flow_control_window(1000, first)
    talk.client.reset_stream(first)
    talk.exchange()
    assert not talk.line.is_closed
    talk.post(query(2))
    talk.exchange()
    assert talk.counts.read()[Event.MESSAGE] == 2


@pytest.mark.parametrize("length", [None, LARGEST_QUERY + 1])
def test_too_large_a_body_is_refused_before_it_is_whole(length: int | None) -> None:
    talk = Talk()
    stream = talk.post(bytes(LARGEST_QUERY + 1), end=False, length=length)
    talk.exchange()
    assert talk.status(stream) == 413
    talk.client.end_stream(stream)
    # And the connection's window has what it took.
    for n in range(10):
        again = talk.post(query(n) + bytes(20000))
        talk.exchange()
        assert talk.status(again) == 200
        talk.open_windows()


def test_bodies_that_never_end_hold_little() -> None:
    talk = Talk()
    for _ in range(STREAMS):
        talk.post(bytes(LARGEST_QUERY), end=False)
        talk.exchange()
    held = sum(len(request.body) for request in talk.session._requests.values())
    assert held <= 65535
    assert talk.line.got_on_times == 0


def test_the_end_of_the_server_is_told() -> None:
    talk = Talk()
    talk.session.leave()
    talk.exchange()
    assert [each.error_code for each in talk.of(ConnectionTerminated)] == [ErrorCodes.NO_ERROR]
    assert talk.line.is_closed


def test_a_connection_that_asks_for_long_holds_no_more_for_it() -> None:
    """Octets made by hand, as h2 would remember all streams of a client too."""
    talk, encoder = Talk(), hpack.Encoder()
    target = "/dns-query?dns=" + base64.urlsafe_b64encode(query(7)).decode().rstrip("=")
    first, again = (encoder.encode([*GET, (":path", target)]) for _ in range(2))

    def ask(streams: range) -> None:
        for stream in streams:
            talk.hear(_frame(1, 4 | 1, stream, first if stream == 1 else again))
            talk.hear(_frame(8, 0, 0, len(query(7)).to_bytes(4, "big")))
            assert talk.line.taken().endswith(response(7))

    ask(range(1, 1001, 2))
    tracemalloc.start()
    ask(range(1001, 5001, 2))
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 100_000


# ── floods ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pings(talk: Talk) -> None:
    talk.client.ping(bytes(8))


def _settings(talk: Talk) -> None:
    talk.client.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 65535})


def _resets(talk: Talk) -> None:
    talk.client.reset_stream(talk.post(query(1)))


def _resets_before_the_end(talk: Talk) -> None:
    talk.client.reset_stream(talk.post(query(1), end=False))


def _windows(talk: Talk) -> None:
    talk.client.increment_flow_control_window(1)


def _priorities(talk: Talk) -> None:
    talk.client.prioritize(talk.client.get_next_available_stream_id() + 2, weight=7)


def _empty_data(talk: Talk) -> None:
    stream = talk.client.highest_outbound_stream_id or talk.post(b"", end=False)
    talk.client.send_data(stream, b"")


@pytest.mark.parametrize(
    "flood", [_pings, _settings, _resets, _resets_before_the_end, _windows, _priorities, _empty_data]
)
def test_frames_without_queries_wear_out_patience(flood: Callable[[Talk], None]) -> None:
    talk = Talk()
    for turn in range(PATIENCE + 50):
        flood(talk)
        if turn % 20 == 0:
            talk.exchange()
        if talk.line.is_closed:
            break
    talk.exchange()
    assert talk.line.is_closed
    assert talk.counts.read()[Event.PATIENCE_LOST] == 1
    assert [each.error_code for each in talk.of(ConnectionTerminated)] == [ErrorCodes.ENHANCE_YOUR_CALM]


def test_queries_restore_patience() -> None:
    talk = Talk()
    for n in range(3 * PATIENCE):
        talk.client.ping(bytes(8))
        talk.client.increment_flow_control_window(1)
        talk.post(query(n % 1000))
        talk.exchange()
        talk.open_windows()
    assert not talk.line.is_closed
    assert talk.counts.read()[Event.MESSAGE] == 3 * PATIENCE


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def test_a_header_block_that_does_not_end_is_cut_off() -> None:
    talk = Talk()
    talk.hear(_frame(1, 0, 1, b"\x00\x01a\x01b"))
    sent = 0
    while not talk.line.is_closed and sent < 2 * LONGEST_SILENCE:
        part = _frame(9, 0, 1, b"\x00\x01a\x01b" * 500)
        talk.hear(part)
        sent += len(part)
    assert talk.line.is_closed
    assert sent <= LONGEST_SILENCE + len(part)


def test_headers_that_grow_when_they_are_unpacked_are_refused() -> None:
    """A name of 4,000 octets in the table, then named again by an octet each."""
    talk = Talk()
    bomb = b"\x40\x7f" + _integer(4000 - 127) + b"a" * 4000 + b"\x01b" + b"\xbe" * 1000
    talk.hear(_frame(1, 4 | 1, 1, bomb[:16000]))
    assert talk.line.is_closed


@pytest.mark.parametrize(("size", "is_refused"), [(LARGEST_HEADERS - 1000, False), (LARGEST_HEADERS, True)])
def test_headers_may_be_as_large_as_is_told(size: int, is_refused: bool) -> None:
    talk = Talk()
    talk.client.send_headers(1, [*GET, (":path", "/"), ("x", "a" * size)], end_stream=True)
    talk.exchange()
    assert talk.line.is_closed == is_refused


@pytest.mark.parametrize(
    "fields",
    [[*GET], [*GET, (":path", "/dns-query"), ("connection", "close")], [*GET, (":path", "/a"), ("x", "b\r\nc: d")]],
    ids=["no path", "of connections", "line ends"],
)
def test_a_malformed_request_ends_the_connection(fields: list[tuple[str, str]]) -> None:
    talk = Talk()
    talk.client.config.validate_outbound_headers = talk.client.config.normalize_outbound_headers = False
    talk.client.send_headers(1, fields, end_stream=True)
    talk.exchange()
    assert [each.error_code for each in talk.of(ConnectionTerminated)] == [ErrorCodes.PROTOCOL_ERROR]
    assert talk.line.is_closed
    assert talk.counts.read()[Event.CONNECTION_MALFORMED] == 1
    assert talk.counts.read()[Event.MESSAGE] == 0


def test_malformed_trailers_end_the_connection() -> None:
    talk = Talk()
    stream = talk.post(query(7), end=False)
    talk.client.config.validate_outbound_headers = talk.client.config.normalize_outbound_headers = False
    talk.client.send_headers(stream, [("connection", "close")], end_stream=True)
    talk.exchange()
    assert talk.line.is_closed
    assert talk.counts.read()[Event.MESSAGE] == 0


def _integer(rest: int) -> bytes:
    octets = bytearray()
    while rest >= 128:
        octets.append(rest % 128 + 128)
        rest //= 128
    return bytes((*octets, rest))


@pytest.mark.parametrize(
    "octets",
    [
        b"\x00" * 64,
        _frame(0, 0, 0, b"data on no stream"),
        _frame(1, 5, 2, b""),
        _frame(3, 0, 7, b"\0\0\0\0"),
        _frame(5, 4, 1, bytes(20)),
        _frame(8, 0, 0, b"\0\0\0\0"),
        _frame(4, 0, 0, b"\0\4\xff\xff\xff\xff"),
    ],
)
def test_what_is_against_the_protocol_closes_the_connection(octets: bytes) -> None:
    talk = Talk()
    talk.hear(octets)
    assert talk.line.is_closed
    assert talk.counts.read()[Event.CONNECTION_MALFORMED] == 1


def test_who_speaks_another_protocol_is_closed() -> None:
    line = Remembered()
    Http2(line, Https(echo, private_counts(), "/dns-query")).received(memoryview(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
    assert line.is_closed


def test_a_frame_larger_than_allowed_is_not_waited_for() -> None:
    talk, sent = Talk(), 0
    talk.hear(b"\xff\xff\xff\x00\x00\x00\x00\x00\x01")
    while not talk.line.is_closed and sent < 2 * LONGEST_SILENCE:
        talk.hear(bytes(4096))
        sent += 4096
    assert sent <= LONGEST_SILENCE + 4096


# ── mutations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _recorded() -> bytes:
    """What a good client says: several requests, pings, settings, windows, a reset."""
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    for n in range(4):
        stream = client.get_next_available_stream_id()
        method = "GET" if n % 2 else "POST"
        client.send_headers(
            stream,
            [
                (":method", method),
                (":scheme", "https"),
                (":authority", "localhost"),
                (":path", "/dns-query?dns=" + "AAAB" * 8 if n % 2 else "/dns-query"),
                ("content-type", "application/dns-message"),
            ],
            end_stream=method == "GET",
        )
        if method == "POST":
            client.send_data(stream, query(n), end_stream=True)
        client.ping(bytes(8))
        client.increment_flow_control_window(100)
    client.reset_stream(7)
    return client.data_to_send()


def _mutated(octets: bytes, dice: random.Random) -> bytes:
    changed = bytearray(octets)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(24, len(changed))  # behind the preface
        match dice.randrange(4):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                changed[at] ^= 1 << dice.randrange(8)
            case 2:
                del changed[at : at + dice.randrange(1, 20)]
            case 3:
                changed[at:at] = dice.randbytes(dice.randrange(1, 20))
        if len(changed) < 40:
            break
    return bytes(changed)


def _seeds() -> Iterable[int]:
    return range(4)


@pytest.mark.parametrize("seed", _seeds())
def test_whatever_the_octets_the_session_answers_or_closes_and_never_raises(seed: int) -> None:
    dice, said, answered = random.Random(seed), _recorded(), 0
    for _ in range(1000):
        line, counts = Remembered(), private_counts()
        session = Http2(line, Https(echo, counts, "/dns-query"))
        octets = memoryview(_mutated(said, dice))
        step = dice.choice((1, 50, 4096))
        for at in range(0, len(octets), step):
            if line.is_closed:
                break
            session.received(octets[at : at + step])
        session.lost()
        answered += counts.read()[Event.MESSAGE]
    assert answered > 100, "mutations that break everything test little"
