import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.serve.framing import BadFrame, Framing, framed


@given(
    messages=st.lists(st.binary(min_size=12, max_size=300), max_size=8),
    cuts=st.lists(st.integers(min_value=1, max_value=400), min_size=1, max_size=8),
)
def test_however_the_octets_come_the_messages_are_the_same(messages: list[bytes], cuts: list[int]) -> None:
    octets, framing, found, at, turn = b"".join(map(framed, messages)), Framing(), [], 0, 0
    while at < len(octets):
        size = cuts[turn % len(cuts)]
        framing.feed(memoryview(octets)[at : at + size])
        while (message := framing.next()) is not None:
            found.append(message)
        at, turn = at + size, turn + 1
    assert found == messages


def test_a_message_shorter_than_a_header_is_a_fault_after_those_before_it() -> None:
    framing = Framing()
    framing.feed(memoryview(framed(bytes(12)) + framed(bytes(11))))
    assert framing.next() == bytes(12)
    with pytest.raises(BadFrame):
        framing.next()
