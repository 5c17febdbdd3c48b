import pytest

from geodns.serve.messages import (
    MAX_MESSAGE,
    Ask,
    BadMessage,
    Message,
    Notified,
    Publish,
    Refused,
    Serving,
    decode,
    encode,
)


@pytest.mark.parametrize(
    "message",
    [
        Publish(7),
        Ask(),
        Serving(7, 4711),
        Refused(8, "checksum of part 2 — wrong"),
        Notified("036f726700", "2001:db8::53", ""),
        Notified("00", "192.0.2.53", "03666f6f00"),
    ],
)
def test_what_is_said_is_what_is_heard(message: Message) -> None:
    assert decode(encode(message)) == message


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff",
        b"[]",
        b"7",
        b"{}",
        b'{"say": "sing"}',
        b'{"say": ["ask"]}',
        b'{"say": "publish"}',
        b'{"say": "publish", "generation": "7"}',
        b'{"say": "ask", "generation": 7}',
        b'{"say": "ask", "loud": true}',
        b'{"say": "notified", "zone": "00", "client": 7, "key": ""}',
    ],
)
def test_anything_else_is_a_bad_message(octets: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(octets)


def test_a_long_reason_is_cut_so_that_it_fits() -> None:
    assert len(encode(Refused(1, "ä" * 100_000))) < MAX_MESSAGE


def test_the_longest_names_fit() -> None:
    assert len(encode(Notified("ff" * 255, "2001:db8::53", "ff" * 255))) < MAX_MESSAGE
