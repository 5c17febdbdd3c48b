"""Generations on disk: the newest whole one is the last-good state."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest

from geodns.model.name import parse_name
from geodns.model.transfer import Key
from geodns.table.block import join
from geodns.table.layout import FORMAT, KIND_NAMES, KIND_PLANS, KIND_TERRITORIES
from geodns.table.part import seal
from geodns.table.store import KEPT, BadGeneration, Store, write_whole
from geodns.table.transfer_part import transfers_part
from geodns.table.transfers import Transfers

NAMES = seal(KIND_NAMES, (0,), bytes(4))
TERRITORIES = join(KIND_TERRITORIES, [])


def parts(mark: int, names: bytes = NAMES) -> dict[str, bytes]:
    """Generations that differ in their plans, as after a health flip."""
    return {"names": names, "territories": TERRITORIES, "plans": seal(KIND_PLANS, (mark,), bytes(4))}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def publish(store: Store, *marks: int) -> None:
    for mark in marks:
        store.publish(parts(mark), created=float(mark), memo={"mark": mark})


def newest(store: Store) -> int | None:
    table = store.newest()
    return table.generation if table else None


def part_of(store: Store, generation: int, kind: str) -> Path:
    return store.parts / store.manifest(generation).parts[kind]


def test_an_empty_folder_has_no_generation(store: Store) -> None:
    assert store.numbers() == []
    assert store.newest() is None


def test_what_was_published_last_is_the_newest(store: Store) -> None:
    publish(store, 11, 12)
    table = store.newest()
    assert table is not None
    assert (table.generation, table.created) == (2, 12.0)
    assert (table.plans[16], bytes(table.plans_octets)) == (12, parts(12)["plans"])


def test_a_manifest_keeps_its_maker_s_memo(store: Store) -> None:
    store.publish(parts(1), 1.5, {"serials": {"example.com.": 7}, "labels": ["a", "b"]})
    manifest = Store(store.parts.parent).manifest(1)
    assert manifest.memo == {"serials": {"example.com.": 7}, "labels": ["a", "b"]}
    assert (manifest.generation, manifest.created) == (1, 1.5)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4])


def _flip(path: Path) -> None:
    octets = bytearray(path.read_bytes())
    octets[-1] ^= 1
    path.write_bytes(octets)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_truncate, _flip, _empty, Path.unlink])
@pytest.mark.parametrize("what", ["plans", "manifest"])
def test_a_damaged_newest_falls_back_to_the_one_before(store: Store, damage: Callable[[Path], None], what: str) -> None:
    publish(store, 1, 2)
    damage(store.manifests / "00000002.json" if what == "manifest" else part_of(store, 2, what))
    assert newest(store) == 1
    with pytest.raises(BadGeneration, match=r"generation 2|00000002\.json"):
        store.load(2)


def test_of_another_format_is_refused_with_both_numbers(store: Store) -> None:
    publish(store, 1)
    path = store.manifests / "00000001.json"
    text = path.read_text().split("\n", 1)[1].replace(f'"format": {FORMAT}', '"format": 99')
    path.write_text(f"{_sum(text)}\n{text}")
    with pytest.raises(BadGeneration, match=f"format 99, this version reads {FORMAT}"):
        store.load(1)


def _sum(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def test_where_nothing_is_whole_there_is_no_table(store: Store) -> None:
    publish(store, 1, 2)
    _flip(part_of(store, 2, "names"))  # which generation 1 shares
    assert store.newest() is None


def test_parts_that_did_not_change_are_not_written_again(store: Store) -> None:
    publish(store, 1)
    before = part_of(store, 1, "names").stat()
    publish(store, 2)
    after = part_of(store, 2, "names").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert part_of(store, 1, "plans") != part_of(store, 2, "plans")


@pytest.mark.parametrize("damage", [_truncate, _flip, Path.unlink])
def test_a_part_that_an_earlier_run_left_damaged_is_written_anew(store: Store, damage: Callable[[Path], None]) -> None:
    publish(store, 1)
    damage(part_of(store, 1, "names"))
    publish(Store(store.parts.parent), 2)
    assert newest(store) == 2


def test_a_damaged_manifest_s_number_is_not_used_again(store: Store) -> None:
    publish(store, 1, 2)
    _truncate(store.manifests / "00000002.json")
    publish(store, 3)
    assert store.numbers() == [3, 2, 1]
    assert newest(store) == 3


def test_old_generations_and_their_parts_are_dropped(store: Store) -> None:
    publish(store, *range(1, KEPT + 3))
    assert store.numbers() == [5, 4, 3]
    assert sorted(path.name.split("-")[0] for path in store.parts.iterdir()) == [
        "names",
        *["plans"] * KEPT,
        "territories",
    ]
    assert [store.load(number).plans[16] for number in store.numbers()] == [5, 4, 3]


def test_a_table_that_is_in_use_survives_the_dropping_of_its_files(store: Store) -> None:
    publish(store, 1)
    table = store.load(1)
    publish(store, *range(2, KEPT + 3))
    assert table.plans[16] == 1


def test_what_a_crash_left_half_written_is_swept_away(store: Store) -> None:
    publish(store, 1)
    (store.parts / ".plans-abc.part.4711").write_bytes(b"half")
    publish(store, 2)
    assert all(not path.name.startswith(".") for path in store.parts.iterdir())


def test_files_that_are_no_manifests_are_passed_over(store: Store) -> None:
    publish(store, 1)
    (store.manifests / "readme.json").write_text("{}")
    (store.manifests / ".00000002.json.4711").write_text("half")
    assert store.numbers() == [1]


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "one"
    write_whole(path, b"old")
    with path.open("rb") as held:
        write_whole(path, b"new")
        assert held.read() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_put_is_there_at_once_and_old_ones_go_when_it_is_settled(store: Store) -> None:
    publish(store, 1, 2, 3)
    assert store.put(parts(4), 4.0, {}).generation == newest(store) == 4
    assert store.numbers() == [4, 3, 2, 1], "until the new one is on the disk, no old one may go"
    store.settle()
    assert store.numbers() == [4, 3, 2]


def test_a_power_cut_before_it_was_settled_costs_that_generation_alone(store: Store) -> None:
    publish(store, 1)
    store.put(parts(2), 2.0, {})
    _empty(part_of(store, 2, "plans"))  # as a file system may leave what was renamed and not synced
    assert newest(Store(store.parts.parent)) == 1


def test_parts_that_are_loaded_already_are_kept_and_not_verified_again(store: Store) -> None:
    publish(store, 1)
    reader = Store(store.parts.parent)
    first = reader.load(1)
    publish(store, 2)
    _flip(part_of(store, 2, "plans"))
    with pytest.raises(BadGeneration):
        reader.load(2)
    publish(store, 3)
    for kind in ("names", "territories"):
        _flip(part_of(store, 3, kind))
    third = reader.load(3)
    with pytest.raises(BadGeneration):
        Store(store.parts.parent).load(3)
    assert [table.plans[16] for table in (first, third)] == [1, 3]


# ── what copies of zones are made from ────────────────────────────────────────────────────────────────────────────


def with_transfers(mark: int, secret: bytes = bytes(32)) -> dict[str, bytes]:
    key = Key(name=parse_name("secondary"), algorithm="hmac-sha256", secret=secret)
    part = transfers_part([], {}, {}, {key.name: key})
    assert part is not None
    return {**parts(mark), "transfers": part}


def test_a_generation_may_have_transfers_or_none(store: Store) -> None:
    store.publish(with_transfers(1), 1.0, {})
    assert [key.secret for key in read(store).keys.values()] == [bytes(32)]
    publish(store, 2)
    table = store.newest()
    assert table is not None
    assert table.transfers is None
    assert store.transfers() is None


def read(store: Store) -> Transfers:
    table = store.newest()
    assert table is not None
    assert table.transfers is not None
    assert Store(store.parts.parent).transfers() == table.transfers
    return table.transfers


def test_what_has_keys_in_it_is_its_owners_alone(store: Store) -> None:
    store.publish(with_transfers(1), 1.0, {})
    assert part_of(store, 1, "transfers").stat().st_mode & 0o777 == 0o600


def test_transfers_that_stay_are_read_once(store: Store) -> None:
    store.publish(with_transfers(1), 1.0, {})
    first = read(store)
    store.publish(with_transfers(2), 1.0, {})
    assert read(store) is first
    store.publish(with_transfers(2, bytes(16)), 1.0, {})
    assert read(store) is not first


def test_a_generation_with_damaged_transfers_is_not_whole(store: Store) -> None:
    store.publish(parts(1), 1.0, {})
    store.publish(with_transfers(2), 1.0, {})
    path = part_of(store, 2, "transfers")
    octets = bytearray(path.read_bytes())
    octets[-1] ^= 1
    path.unlink()
    path.write_bytes(octets)
    fresh = Store(store.parts.parent)
    assert newest(fresh) == 1
    assert fresh.transfers() is None
