"""Compiled and interpreted, the same lines write the same arrays."""

from array import array
from pathlib import Path

import maxminddb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.leaves import cut
from geodns.geo.runs import Runs, relabel
from geodns.geo.starts import no_starts, zeros
from geodns.geo.tree import open_tree
from tests.geo.mmdb_files import mmdb
from tests.geo.speeds import compiled, interpreted, same_at_both_speeds
from tests.strategies import partitions

DATA = Path(__file__).parent / "data"
SWEEP, WALK, TRIE = "geodns.geo.sweep", "geodns.geo.walk", "geodns.table.trie"

families = st.sampled_from([4, 6])
few = st.lists(st.integers(0, 3), max_size=20)


def columns(runs: Runs) -> tuple["array[int]", "array[int]", "array[int]"]:
    return runs.starts.upper, runs.starts.lower, runs.values


@given(families.flatmap(partitions), st.lists(st.integers(-4, 3), min_size=4, max_size=4), st.data())
def test_relabelling(runs: Runs, labels: list[int], data: st.DataObject) -> None:
    count = len(runs.values)
    first = data.draw(st.integers(0, count))
    out = no_starts(count + 1)
    to_values = array("i", data.draw(st.lists(st.integers(-4, 3), min_size=count + 1, max_size=count + 1)))
    written = data.draw(st.integers(0, 1))
    same_at_both_speeds(
        SWEEP, "relabel", *columns(runs), first, count, array("i", labels), out.upper, out.lower, to_values, written
    )


@given(few, st.integers(1, 2))
def test_finding_what_was_not_met_yet(finds: list[int], stamp: int) -> None:
    stamps = array("I", (1, 0, 2, 0))
    same_at_both_speeds(SWEEP, "unseen", array("i", finds), 0, len(finds), stamps, stamp, zeros("i", len(finds)))


@given(st.data(), families, st.integers(1, 30))
def test_laying_partitions_over_each_other(data: st.DataObject, family: int, steps: int) -> None:
    one, other = data.draw(partitions(family)), data.draw(partitions(family))
    room = len(one.values) + len(other.values)
    out = no_starts(room)
    same_at_both_speeds(
        SWEEP,
        "overlaps",
        *columns(one),
        *columns(other),
        16,
        zeros("Q", 3),
        steps,
        out.upper,
        out.lower,
        zeros("Q", room),
    )


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 40), max_size=30))
def test_numbering_keys(keys: list[int]) -> None:
    count = len(keys)
    found = same_at_both_speeds(
        "geodns.geo.numbering", "number_keys",
        array("Q", keys), 0, count, zeros("i", count), zeros("I", 2 * count + 1), zeros("Q", count), 0,
    )  # fmt: skip
    assert found == len(set(keys))


@given(st.data(), families)
def test_cutting_into_blocks(data: st.DataObject, family: int) -> None:
    bits = 32 if family == 4 else 128
    runs = relabel(data.draw(partitions(family)), lambda value: value)
    out, room = no_starts(3 * bits), 3 * bits  # less than many partitions need: it stops and says where
    same_at_both_speeds(
        "geodns.geo.cutting", "cut",
        *columns(runs), zeros("Q", 1), bits, out.upper, out.lower, zeros("B", room), zeros("i", room),
    )  # fmt: skip


@given(st.data(), families)
def test_growing_a_trie(data: st.DataObject, family: int) -> None:
    bits = 32 if family == 4 else 128
    leaves = cut(relabel(data.draw(partitions(family)), lambda value: value), bits)
    work, slots = zeros("I", 3 * len(leaves.values)), zeros("I", 1 << data.draw(st.integers(4, 14)))
    work[0], work[2] = 1, len(leaves.values)
    if len(leaves.values) > 1:
        same_at_both_speeds(
            TRIE, "grow", leaves.starts.upper, leaves.starts.lower, leaves.depths, leaves.values,
            array("I", range(8)), bits, work, array("Q", (1, 4)), zeros("I", 65), slots, 1 << 16,
        )  # fmt: skip


small_trees = st.builds(
    lambda content, damage: damaged(content, damage),
    st.sampled_from(
        [
            mmdb({"1.2.0.0/16": {"asn": 1}, "2400::/20": {"asn": 2}}),
            *((DATA / f"MaxMind-DB-test-mixed-{size}.mmdb").read_bytes() for size in (24, 28, 32)),
        ]
    ),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=4),
)


def damaged(content: bytes, damage: list[tuple[int, int]]) -> bytes:
    octets = bytearray(content)
    for at, octet in damage:
        octets[at] = octet
    return bytes(octets)


@given(small_trees, st.integers(1, 400))
def test_walking_a_tree_whole_or_broken(content: bytes, room: int) -> None:
    tree, bits = open_tree(content), 128
    out = no_starts(room)
    way = zeros("Q", bits + 1), zeros("Q", bits + 1), zeros("Q", bits + 1), array("B", (bits, *bytes(bits)))
    same_at_both_speeds(
        WALK, "walk", content, tree.record_bits, tree.nodes, tree.nodes,
        *way, array("Q", (1, tree.nodes * 4)), out.upper, out.lower, zeros("Q", room),
    )  # fmt: skip


@pytest.mark.parametrize("path", sorted(DATA.glob("*.mmdb")), ids=lambda path: path.stem)
def test_decoding_records(path: Path) -> None:
    content = path.read_bytes()
    try:
        with maxminddb.open_database(path) as reader:
            about = reader.metadata()
    except maxminddb.InvalidDatabaseError:
        pytest.skip("no database at all")
    start = about.node_count * about.record_size // 4 + 16
    outcomes = []
    for module in (compiled("geodns.geo.decoder"), interpreted("geodns.geo.decoder")):
        decoder = module.Decoder(content, start, None)
        outcomes.append([_decoded(decoder.record, at) for at in range(start, len(content), 3)])
    assert outcomes[0] == outcomes[1]


def _decoded(record: object, at: int) -> str:
    assert callable(record)
    try:
        return repr(record(at))
    except (ValueError, IndexError) as fault:
        return type(fault).__name__
