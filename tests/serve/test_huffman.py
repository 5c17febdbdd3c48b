"""Strings in the code of RFC 7541 §5.2, with the hpack library as judge."""

import hpack
import pytest
from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH
from hpack.huffman_table import decode_huffman
from hypothesis import given
from hypothesis import strategies as st

from tests import speeds

_coder = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH)


@pytest.mark.usefixtures("speed")
@given(st.binary(max_size=80))
def test_strings_in_huffmans_code_are_read(text: bytes) -> None:
    assert _decoded(_coder.encode(text)) == text


@pytest.mark.usefixtures("speed")
@given(st.binary(max_size=40))
def test_whatever_the_octets_the_code_says_the_same(octets: bytes) -> None:
    try:
        judged = decode_huffman(octets)
    except hpack.HPACKDecodingError:
        judged = None
    assert _decoded(octets) == judged


def _decoded(coded: bytes) -> bytes | None:
    scratch = memoryview(bytearray(2 * len(coded)))
    size = speeds.running.the("serve.huffman").decode(memoryview(coded), len(coded), scratch)
    return None if size < 0 else bytes(scratch[:size])
