"""A part tells whether it is whole."""

import pytest

from geodns.table.layout import FORMAT, HEAD_FIELDS, HEAD_FORMAT, HEAD_KIND, HEAD_SIZE, KIND_NAMES, KIND_PLANS, MAGIC
from geodns.table.part import BadPart, digest_of, open_part, seal

BODY = bytes(range(64))
PART = seal(KIND_NAMES, (7, 8, 9), BODY)


def changed(at: int, octet: int = 0xFF) -> bytes:
    damaged = bytearray(PART)
    damaged[at] ^= octet
    return bytes(damaged)


def test_a_sealed_part_opens_as_words_and_as_octets() -> None:
    part = open_part(memoryview(PART), KIND_NAMES)
    assert list(part.words[HEAD_FIELDS : HEAD_FIELDS + 3]) == [7, 8, 9]
    assert bytes(part.octets[HEAD_SIZE * 4 :]) == BODY
    assert len(part.words) * 4 == len(part.octets) == len(PART)


@pytest.mark.parametrize(
    ("buffer", "message"),
    [
        pytest.param(b"", "not a part", id="nothing"),
        pytest.param(PART[: HEAD_SIZE * 4 - 1], "not a part", id="less than a head"),
        pytest.param(changed(0), "not a part", id="other magic"),
        pytest.param(changed(len(MAGIC) - 1), "not a part", id="the other byte order"),
        pytest.param(
            changed(HEAD_FORMAT * 4), f"format {FORMAT ^ 0xFF}, this version reads {FORMAT}", id="another format"
        ),
        pytest.param(changed(HEAD_KIND * 4), "another kind", id="another kind"),
        pytest.param(PART[:-4], "truncated", id="a word is missing"),
        pytest.param(PART[:-1], "truncated", id="an octet is missing"),
        pytest.param(PART + bytes(4), "truncated", id="a word too many"),
        pytest.param(PART + bytes(1), "truncated", id="an octet too many"),
        pytest.param(changed(HEAD_FIELDS * 4, 1), "checksum", id="a bit of a field"),
        pytest.param(changed(HEAD_SIZE * 4, 1), "checksum", id="the body's first bit"),
        pytest.param(changed(-1, 0x80), "checksum", id="the body's last bit"),
        pytest.param(changed(HEAD_SIZE * 4 - 1, 1), "checksum", id="an unused bit of the head"),
        pytest.param(PART[: HEAD_SIZE * 4] + bytes(len(BODY)), "checksum", id="a body that was never written"),
    ],
)
def test_each_kind_of_damage_is_refused(buffer: bytes, message: str) -> None:
    with pytest.raises(BadPart, match=message):
        open_part(memoryview(buffer), KIND_NAMES)


def test_another_kind_of_part_is_refused() -> None:
    with pytest.raises(BadPart, match="another kind"):
        open_part(memoryview(PART), KIND_PLANS)


def test_a_body_that_is_not_whole_words_is_our_fault() -> None:
    with pytest.raises(AssertionError, match="whole words"):
        seal(KIND_NAMES, (), b"abc")


def test_the_digest_is_that_of_all_of_the_part() -> None:
    assert digest_of(PART) == digest_of(seal(KIND_NAMES, (7, 8, 9), BODY))
    others = [
        seal(KIND_PLANS, (7, 8, 9), BODY),
        seal(KIND_NAMES, (7, 8, 10), BODY),
        seal(KIND_NAMES, (7, 8, 9), BODY * 2),
    ]
    assert len({digest_of(part) for part in (PART, *others)}) == 4
