"""A country database in under a megabyte: starts as differences, in columns of bytes, behind xz.

The file, once unpacked: one line of JSON (the Label and the lengths), then for IPv4 and IPv6 in turn
1. the differences between starts, least significant octets of all first, then the next (4 columns; for IPv6 8 columns
   of the upper 64 bits);
2. one octet for each run: the number of its country in the label;
and last, for the few IPv6 starts inside a /64: their numbers (4 octets) and lower 64 bits (8 octets).
Columns compress better than rows, and slices take them apart without a loop in Python.
"""

import json
import lzma
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from typing import Literal

from geodns.geo.runs import Runs
from geodns.geo.starts import Starts, zeros

FORMAT = 1
# Fixed, so that the same database gives the same file.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 24, "pb": 0}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Where the database comes from; `countries` are the codes that the values of the runs index, "" for unknown."""

    source: str
    version: str
    built: int  # seconds since the epoch
    licence: str
    attribution: str
    countries: tuple[str, ...]


def pack(label: Label, v4: Runs, v6: Runs) -> bytes:
    """The file's content."""
    inside = [number for number, lower in enumerate(v6.starts.lower) if lower]
    lengths = {"v4": len(v4.starts), "v6": len(v6.starts), "inside": len(inside)}
    header = json.dumps({"format": FORMAT, **asdict(label), "lengths": lengths}, ensure_ascii=True)
    body = (
        header.encode("ascii") + b"\n",
        _to_columns(array("I", _differences(v4.starts.lower))),
        bytes(v4.values.tolist()),
        _to_columns(array("Q", _differences(v6.starts.upper))),
        bytes(v6.values.tolist()),
        _little_endian(array("I", inside)).tobytes(),
        _little_endian(array("Q", (v6.starts.lower[number] for number in inside))).tobytes(),
    )
    return lzma.compress(b"".join(body), format=lzma.FORMAT_XZ, filters=_FILTERS)


def unpack(content: bytes) -> tuple[Label, Runs, Runs]:
    """The label and the partitions of IPv4 and IPv6. The file is part of the program: an error is ours."""
    header, _, body = lzma.decompress(content).partition(b"\n")
    fields = json.loads(header)
    lengths = fields.pop("lengths")
    assert fields.pop("format") == FORMAT, "the country database is of another version of geodns"
    label = Label(**{**fields, "countries": tuple(fields["countries"])})
    cursor = _Cursor(body)
    v4_starts = array("Q", accumulate(cursor.columns("I", lengths["v4"])))
    v4 = Runs(v4_starts, cursor.take(lengths["v4"]))
    v6_starts = Starts(array("Q", accumulate(cursor.columns("Q", lengths["v6"]))), zeros("Q", lengths["v6"]))
    v6_values = cursor.take(lengths["v6"])
    inside = cursor.integers("I", lengths["inside"])
    for number, lower in zip(inside, cursor.integers("Q", lengths["inside"]), strict=True):
        v6_starts.lower[number] = lower
    return label, v4, Runs(v6_starts, v6_values)


class _Cursor:
    """Takes the parts of the body one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, size: int) -> bytes:
        self._at += size
        return self._body[self._at - size : self._at]

    def integers(self, kind: Literal["I", "Q"], count: int) -> "array[int]":
        integers = array(kind)
        integers.frombytes(self.take(count * integers.itemsize))
        return _little_endian(integers)

    def columns(self, kind: Literal["I", "Q"], count: int) -> "array[int]":
        integers = array(kind)
        rows = bytearray(count * integers.itemsize)
        for column in range(integers.itemsize):
            rows[column :: integers.itemsize] = self.take(count)
        integers.frombytes(rows)
        return _little_endian(integers)


def _differences(starts: Sequence[int]) -> Iterable[int]:
    return (later - earlier for earlier, later in pairwise((0, *starts)))


def _to_columns(integers: "array[int]") -> bytes:
    rows = _little_endian(integers).tobytes()
    return b"".join(rows[column :: integers.itemsize] for column in range(integers.itemsize))


def _little_endian(integers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        integers.byteswap()
    return integers
