"""MaxMind DB files made in memory: networks → records. Written from the format's specification, for small files."""

import struct
from collections.abc import Mapping
from ipaddress import ip_network

MARKER = b"\xab\xcd\xefMaxMind.com"
Node = list["Node | bytes | None"]  # left and right; bytes are an encoded record


def mmdb(records: Mapping[str, object], *, bits: int = 128, kind: str = "country ipvAll", built: int = 1000) -> bytes:
    """A file with 24-bit records; in a 128-bit tree IPv4 lies at ::/96. Inner networks must come after outer ones."""
    root: Node = [None, None]
    for text, record in records.items():
        network = ip_network(text)
        skip = bits - network.max_prefixlen
        _insert(root, int(network.network_address), bits, skip + network.prefixlen, encode(record))
    nodes = _number(root)
    data = bytearray()
    offsets: dict[bytes, int] = {}
    tree = bytearray()
    for node in nodes.values():
        for child in node:
            tree += _pointer(child, nodes, data, offsets).to_bytes(3, "big")
    about = {
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": built,
        "database_type": kind,
        "description": {"en": "test"},
        "ip_version": 4 if bits == 32 else 6,
        "languages": ["en"],
        "node_count": len(nodes),
        "record_size": 24,
    }
    return bytes(tree) + bytes(16) + bytes(data) + MARKER + encode(about)


def _insert(node: Node, address: int, bits: int, depth: int, record: bytes) -> None:
    for level in range(depth - 1):
        side = address >> (bits - 1 - level) & 1
        child = node[side]
        if not isinstance(child, list):  # what was a leaf becomes two
            child = node[side] = [child, child]
        node = child
    node[address >> (bits - depth) & 1] = record


def _number(root: Node) -> dict[int, Node]:
    found: dict[int, Node] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found[id(node)] = node
        waiting += [child for child in node if isinstance(child, list)]
    return found


def _pointer(
    child: "Node | bytes | None", nodes: Mapping[int, Node], data: bytearray, offsets: dict[bytes, int]
) -> int:
    if child is None:
        return len(nodes)
    if isinstance(child, list):
        return list(nodes).index(id(child))
    if child not in offsets:
        offsets[child] = len(data)
        data += child
    return len(nodes) + 16 + offsets[child]


def encode(value: object) -> bytes:
    """A value in the format's data section, where strings and the like are shorter than 285."""
    match value:
        case str():
            content = value.encode()
            return _control(2, len(content)) + content
        case bool():
            return _control(14, int(value))
        case int():
            content = value.to_bytes((value.bit_length() + 7) // 8, "big")
            return _control(9, len(content)) + content
        case float():
            return _control(3, 8) + struct.pack(">d", value)
        case list():
            return _control(11, len(value)) + b"".join(map(encode, value))
        case dict():
            pairs = (encode(key) + encode(item) for key, item in value.items())
            return _control(7, len(value)) + b"".join(pairs)
    raise AssertionError(f"{value!r} is not of a kind that these files hold")


def _control(kind: int, size: int) -> bytes:
    assert size < 285
    extension = b"" if kind < 8 else bytes((kind - 7,))
    first = (kind if kind < 8 else 0) << 5 | min(size, 29)
    return bytes((first,)) + extension + (bytes((size - 29,)) if size >= 29 else b"")
