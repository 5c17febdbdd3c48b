"""The making of a generation of a million names: what it costs to read, compile and publish them, and to start from it.

    python -m bench.making                       1,000 zones of 1,000 names, 10,000 pools in all
    python -m bench.making --zones 100 --names 10000

Seconds are CPU time; memory is the peak of this process, and what two workers that serve the result have.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from time import process_time, time
from typing import TypeVar

from bench.many_zones import Extent, write_zones
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.control.serials import carry_on, serials_of
from geodns.geo.embedded import embedded
from geodns.model.verdict import CLEAR
from geodns.model.zone import Zone
from geodns.table.compile import compile_plans, names_part, plans_part
from geodns.table.image import open_table
from geodns.table.lands import draw_lands, territories_part
from geodns.table.slots import Ledgers
from geodns.table.store import Store

WORKERS = 2
_KIB = 1024

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zones", type=int, default=Extent().zones)
    parser.add_argument("--names", type=int, default=Extent().names, help="of a zone")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve is not None:
        serve(given.serve)
        return
    with TemporaryDirectory() as folder:
        measure(Path(folder), Extent(zones=given.zones, names=given.names))


def measure(folder: Path, extent: Extent) -> None:
    step("write the zone files", lambda: write_zones(folder / "zones", extent))
    began = process_time()
    loaded = step("YAML → model", lambda: load([folder / "zones"], VOCABULARY))
    parts = compiled(loaded.zones)
    step("verify and open", lambda: open_table(parts))
    print(f"{'all of that but the writing':<34}{process_time() - began:>9.2f} s")
    store = Store(folder / "state")
    step("publish", lambda: store.publish(parts, time(), {}))
    step("publish, names unchanged", lambda: store.publish(parts, time(), {}))
    names = sum(len(zone.rrsets) + len(zone.steered) for zone in loaded.zones)
    for kind, part in parts.items():
        print(f"{f'part of {kind}':<34}{len(part):>13,} octets, {len(part) / names:.1f} a name")
    with workers(folder / "state") as pids:
        for pid in pids:
            print(f"worker: {memory(Path(f'/proc/{pid}/smaps_rollup'))}")


def compiled(zones: tuple[Zone, ...]) -> dict[str, bytes]:
    """The parts, as `geodns check` and a reload make them."""
    atlas = step("database", embedded)
    book = step("serials", lambda: carry_on(zones, {}, 1.0))
    ledgers = Ledgers.empty().for_zones(zones)
    lands = step("territories", lambda: draw_lands(zones, atlas))
    plans = step("plans", lambda: compile_plans(zones, lands, CLEAR, ledgers.member_slots(zones)))
    return {
        "names": step("names", lambda: names_part(zones, serials_of(zones, book), ledgers.zone_slots(zones))),
        "territories": territories_part(lands),
        "plans": plans_part(plans),
    }


def step(what: str, make: Callable[[], T]) -> T:
    began = process_time()
    made = make()
    peak = getrusage(RUSAGE_SELF).ru_maxrss // _KIB
    print(f"{what:<34}{process_time() - began:>9.3f} s, peak {peak:,} MiB", flush=True)
    return made


# ── the workers' side ─────────────────────────────────────────────────────────────────────────────────────────────


def serve(state: Path) -> None:
    """Loads as a worker does when it starts, and holds the table until stdin ends."""
    store = Store(state)
    for what in ("load generation", "load it with the names known"):
        began = process_time()
        assert store.newest() is not None
        print(f"worker: {what:<28}{process_time() - began:>7.3f} s", flush=True)
    sys.stdin.read()


@contextmanager
def workers(state: Path) -> Iterator[list[int]]:
    """Their process ids, once each of them has loaded."""
    argv = [sys.executable, "-m", "bench.making", "--serve", str(state)]
    with ExitStack() as stack:
        running = [stack.enter_context(Popen(argv, stdin=PIPE, stdout=PIPE, text=True)) for _ in range(WORKERS)]
        for each in running:
            assert each.stdout is not None
            print(each.stdout.readline(), each.stdout.readline(), sep="", end="")
        yield [each.pid for each in running]
        for each in running:
            assert each.stdin is not None
            each.stdin.close()


def memory(rollup: Path) -> str:
    """PSS counts a page that several processes map once over all of them: its file part is the table's."""
    sizes = {
        key: int(words[0]) // _KIB for line in rollup.read_text().splitlines()[1:] for key, *words in [line.split()]
    }
    return f"RSS {sizes['Rss:']} MiB, PSS {sizes['Pss:']} MiB, of it {sizes['Pss_File:']} MiB of files"


if __name__ == "__main__":
    main()
