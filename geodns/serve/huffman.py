"""Strings in the code of RFC 7541 §5.2 → octets: the hpack library's table, walked four bits at a time.

Compiled, as there are hundreds of steps to a query in a URL.
"""

from hpack import huffman_table

_next = memoryview(bytes(node for node, _, _ in huffman_table.HUFFMAN_TABLE))
_flags = memoryview(bytes(flags for _, flags, _ in huffman_table.HUFFMAN_TABLE))
_symbols = memoryview(bytes(symbol for _, _, symbol in huffman_table.HUFFMAN_TABLE))

_complete = huffman_table.HUFFMAN_COMPLETE
_emits = huffman_table.HUFFMAN_EMIT_SYMBOL
_fails = huffman_table.HUFFMAN_FAIL


def decode(coded: memoryview, size: int, octets: memoryview) -> int:
    """Writes what coded[:size] says; returns how many octets, at most twice as many, or -1 where it says nothing."""
    node = 0
    flags = _complete
    written = 0
    step = 0
    while step < 2 * size:
        half = coded[step >> 1]
        half = half & 15 if step & 1 else half >> 4
        at = node << 4 | half
        flags = _flags[at]
        if flags & _fails:
            return -1
        if flags & _emits:
            octets[written] = _symbols[at]
            written += 1
        node = _next[at]
        step += 1
    return written if flags & _complete else -1
