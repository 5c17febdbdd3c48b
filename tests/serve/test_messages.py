import pytest

from geodns.serve.messages import MAX_MESSAGE, Ask, BadMessage, Message, Publish, Refused, Serving, decode, encode


@pytest.mark.parametrize("message", [Publish(7), Ask(), Serving(7, 4711), Refused(8, "checksum of part 2 — wrong")])
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
    ],
)
def test_anything_else_is_a_bad_message(octets: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(octets)


def test_a_long_reason_is_cut_so_that_it_fits() -> None:
    assert len(encode(Refused(1, "ä" * 100_000))) < MAX_MESSAGE
