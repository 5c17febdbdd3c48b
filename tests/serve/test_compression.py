"""Header blocks, with the hpack library as judge: what is read is what it reads, and what is written, it reads."""

import hpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.serve.compression import KEPT, Decoder, Encoder

LARGEST = 8192

_texts = st.one_of(st.sampled_from([b"POST", b"/dns-query", b"application/dns-message", b""]), st.binary(max_size=300))
_names = st.sampled_from([b":method", b":path", b"content-type", b"content-length", b"accept", b"x", b"y"])


@st.composite
def _lists_of_fields(draw: st.DrawFn) -> list[hpack.HeaderTuple]:
    kinds = st.sampled_from([hpack.HeaderTuple, hpack.NeverIndexedHeaderTuple])
    return [draw(kinds)(draw(_names), draw(_texts)) for _ in range(draw(st.integers(0, 6)))]


@given(st.lists(st.tuples(_lists_of_fields(), st.booleans()), max_size=8))
def test_what_the_library_writes_is_read(blocks: list[tuple[list[hpack.HeaderTuple], bool]]) -> None:
    encoder, decoder = hpack.Encoder(), Decoder(LARGEST)
    for fields, huffman in blocks:
        block = encoder.encode(fields, huffman)
        assert [tuple(each) for each in decoder.decode(block, raw=True)] == [tuple(each) for each in fields]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_whatever_the_octets_the_library_reads_the_same(blocks: list[bytes]) -> None:
    ours, judge = Decoder(LARGEST), hpack.Decoder(LARGEST)
    for block in blocks:
        read = _read(ours, block)
        assert read == _read(judge, block)
        if read is None:
            return  # and the connection ends


def _read(decoder: hpack.Decoder, block: bytes) -> list[tuple[bytes, bytes]] | None:
    try:
        return [(bytes(each[0]), bytes(each[1])) for each in decoder.decode(block, raw=True)]
    except hpack.HPACKError:
        return None


def test_lists_that_are_too_large_are_refused() -> None:
    decoder = Decoder(200)
    assert len(list(decoder.decode(b"\x82" * 4, raw=True))) == 4
    with pytest.raises(hpack.OversizedHeaderListError):
        decoder.decode(b"\x82" * 5, raw=True)


@given(st.lists(_lists_of_fields(), max_size=8), st.lists(st.integers(0, 5000), max_size=8))
def test_what_is_written_is_read_by_the_library(blocks: list[list[hpack.HeaderTuple]], sizes: list[int]) -> None:
    encoder, judge = Encoder(), hpack.Decoder()
    judge.max_allowed_table_size = 5000
    for number, fields in enumerate([*blocks, *blocks, *blocks]):
        if number < len(sizes):
            encoder.header_table_size = sizes[number]
        block = encoder.encode([tuple(each) for each in fields])
        assert [tuple(each) for each in judge.decode(block, raw=True)] == [tuple(each) for each in fields]


def test_blocks_that_come_again_are_kept_and_few_of_them() -> None:
    encoder = Encoder()
    for length in range(200):
        fields = hpack.NeverIndexedHeaderTuple(b"content-length", b"%d" % length)
        assert encoder.encode([fields]) == encoder.encode([fields]) == hpack.Encoder().encode([fields])
    assert len(encoder._kept) <= KEPT
