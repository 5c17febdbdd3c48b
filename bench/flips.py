"""What a health flip costs, from the verdict to the workers being told, by the number of pools and of static names.

    python -m bench.flips [--pools 100 1000 10000] [--names 0 100000]

Control, monitor, publisher and store as they are, with values in place of files and probes. One member goes down and
comes back, a few times, with more than a second between; the least of each figure is shown. CPU is that of the whole
process in which control runs; a flip's wall time has in it the moment in which others are gathered (10 ms).
"""

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import many
from geodns.cli.control_process import settle
from geodns.config.server import Settings
from geodns.control.control import Control
from geodns.control.edition import Edition
from geodns.control.folder import StateFolder
from geodns.control.gathering import APART
from geodns.control.inputs import Inputs
from geodns.control.journal import Journal
from geodns.control.totals import Tallies
from geodns.control.workers import Workers
from geodns.geo.embedded import embedded
from geodns.health import saved
from geodns.model.check import Heard, Result, Target
from geodns.model.place import Address
from geodns.model.verdict import Outlook
from geodns.serve.channel import Channel, open_pair
from geodns.serve.messages import Publish
from geodns.table.compile import plans_part
from geodns.table.store import Store

ROUNDS = 5


@dataclass(frozen=True)
class Nobody:
    """A probe that is not asked: the interval is an hour."""

    async def ask(self, address: Address) -> Heard:
        return Heard("connected")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pools", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--names", type=int, nargs="+", default=[0, 100_000])
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    for pools in options.pools:
        for names in options.names:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(_measure(pools, names, Path(folder)))


async def _measure(pools: int, names: int, folder: Path) -> None:
    zones = many.zones(pools, names, Nobody())
    inputs = Inputs(settings=Settings(), zones=zones, atlas=embedded(), warnings=(), files=())

    class Given(Control):
        def _read(self) -> Inputs:
            return inputs

    ours, theirs = open_pair()
    workers, worker = Workers([ours.fileno()]), Channel(theirs.fileno())
    control = Given(Settings, StateFolder(folder), workers, Tallies([]), settle=settle, first_verdicts=0)
    began = time.process_time()
    assert (await control.reload()).ok
    made = time.process_time() - began
    edition = control.edition
    assert edition is not None
    sizes = ", ".join(f"{kind} {len(part) / 1e6:.1f} MB" for kind, part in edition.parts.items())
    print(f"{pools:,} pools, {names:,} static names: made in {made:.1f} s of CPU; {sizes}")
    for target in {target for zone in zones for pool in zone.pools.values() for target in pool.targets()}:
        control.monitor.hear(Result(target, True, 0.001, "connected"))
    running = asyncio.create_task(control.run())
    await _quiet(control, worker)  # once what these verdicts came to is published
    flipping = next(iter(zones[0].pools["p0"].targets()))  # type: ignore[index]
    await _flips(control, worker, flipping, Store(folder))
    running.cancel()
    await asyncio.wait([running])
    _parts(edition, control, flipping, folder)
    for each in (ours, theirs, worker):
        each.close()
    for channel in workers._channels:
        channel.close()


async def _quiet(control: Control, worker: Channel) -> None:
    """All of the first generation's verdicts are one generation, which takes long where there are many pools."""
    for _ in range(600):
        await asyncio.sleep(0.1)
        if control.publisher.generation >= 2:
            break
    await asyncio.sleep(APART)
    list(worker.messages())


async def _flips(control: Control, worker: Channel, target: Target, store: Store) -> None:
    """`store` is the worker's: it keeps what it has mapped."""
    store.newest()
    told = asyncio.Event()
    asyncio.get_running_loop().add_reader(worker, told.set)
    cpu, wall, taken_up = [], [], []
    for number in range(ROUNDS):
        await asyncio.sleep(1.1 * APART)
        told.clear()
        list(worker.messages())
        cpu_began, began = time.process_time(), time.perf_counter()
        control.monitor.hear(Result(target, bool(number % 2), 0.001, "connected"))
        await told.wait()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - cpu_began)
        assert any(isinstance(message, Publish) for message in worker.messages())
        taken_up.append(_cpu(store.newest))
    asyncio.get_running_loop().remove_reader(worker)
    _show("verdict → workers told, CPU", cpu)
    _show("verdict → workers told, wall", wall)
    _show("a worker takes it up, CPU", taken_up)


def _parts(edition: Edition, control: Control, target: Target, folder: Path) -> None:
    pool = next(key for key in edition.drafts.using if target in control.monitor.standings())
    outlook = Outlook(control.monitor.standings(), {})
    numbers = edition.drafts.numbers([pool])
    scratch = StateFolder(folder / "scratch")
    scratch.path.mkdir()
    journal, store = Journal(scratch, "verdicts"), Store(scratch.path)
    store.publish(edition.parts, 0.0, {})
    marked = iter(_marked(edition, ROUNDS + 1))
    changed = saved.changes_to_json({target: control.monitor.histories()[target]})
    steps: Sequence[tuple[str, Callable[[], object]]] = (
        ("the verdict to the journal, synced", lambda: journal.append(changed)),
        ("standings of all", control.monitor.standings),
        (f"{len(numbers)} plans compiled", lambda: [edition.drafts.compile(number, outlook) for number in numbers]),
        ("all blocks joined and digested", lambda: plans_part(edition.plans)),
        ("written and renamed", lambda: store.put(next(marked), 0.0, {})),
        ("synced and old ones dropped (after workers are told)", store.settle),
    )
    for name, step in steps:
        print(f"    {name:55}{min(_wall(step) for _ in range(ROUNDS)) * 1e3:8.2f} ms wall")


def _marked(edition: Edition, count: int) -> Sequence[dict[str, bytes]]:
    """Editions that differ in their plans."""
    plans = edition.plans
    return [{**edition.parts, "plans": plans_part([*plans, *plans[:more]])} for more in range(1, count + 1)]


def _wall(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _cpu(step: Callable[[], object]) -> float:
    began = time.process_time()
    step()
    return time.process_time() - began


def _show(name: str, seconds: Sequence[float]) -> None:
    print(f"  {name:57}{min(seconds) * 1e3:8.2f} ms, at most {max(seconds) * 1e3:.2f}")


if __name__ == "__main__":
    main()
