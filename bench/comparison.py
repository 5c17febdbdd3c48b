"""Servers, workloads, rounds → a report: everything is started, judged, measured, and ended."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import balance, scale
from bench.accounting import family, memory
from bench.facts import Facts, facts
from bench.figures import DISTURBED, Sample, figures
from bench.judging import judge
from bench.machine import this_machine
from bench.report import Balance, Report, Scale, Server
from bench.rounds import Cores, plan, run_undisturbed
from bench.running import CannotRun, Running, exchange, serving
from bench.servers import TWO_WORKERS
from bench.servers.peer import Peer
from bench.workloads import TITLES, Workload, workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    workloads: tuple[str, ...]
    rounds: int
    seconds: float
    patience: float  # seconds for which a disturbed run is repeated
    cores: Cores
    with_scale: bool
    with_balance: bool


def compare(peers: Sequence[Peer], wishes: Wishes, root: Path, absent: Iterable[str]) -> tuple[Report, list[Sample]]:
    """`root`: an empty folder that every user may enter; `absent`: what cannot be measured, and why."""
    known, absences = facts(), list(absent)
    workloads = {name: workload(name, known) for name in wishes.workloads}
    files = write_questions(workloads.values(), root)
    with ExitStack() as stack:
        servers = _start(peers, known, root, wishes.cores, stack, absences)
        able = {name: _able(server, workloads, absences) for name, server in servers.items()}
        samples = _take(able, servers, files, wishes)
        seen = tuple(map(_seen, servers.values()))
    report = Report(
        machine=this_machine(),
        rounds=wishes.rounds,
        seconds=wishes.seconds,
        servers=seen,
        titles={name: TITLES[name] for name in wishes.workloads},
        figures=tuple(figures(samples)),
        runs=len(samples),
        disturbed=sum(sample.disturbance > DISTURBED for sample in samples),
        balance=_balance(known, root, next(iter(files.values())), wishes) if wishes.with_balance else None,
        scale=_scale(peers, root, wishes) if wishes.with_scale else (),
        scale_names=scale.ZONES * scale.HOSTS,
        absent=tuple(absences),
    )
    return report, samples


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def write_questions(workloads: Iterable[Workload], folder: Path) -> dict[str, Path]:
    """By the workload's name."""
    files = {}
    for each in workloads:
        files[each.name] = folder / f"{each.name}.questions"
        files[each.name].write_bytes(each.file())
    return files


def _start(
    peers: Sequence[Peer], known: Facts, root: Path, cores: Cores, stack: ExitStack, absences: list[str]
) -> dict[str, Running]:
    """All of them at once; those that are not asked sleep."""
    servers: dict[str, Running] = {}
    for peer in peers:
        same = servers.get(peer.of_same)
        folder = root / peer.name.replace(" ", "-")
        folder.mkdir()
        try:
            if peer.speed and same and peer.speed in same.version:
                raise CannotRun(f"{peer.name}: {same.peer.name} is {peer.speed} itself, here")
            servers[peer.name] = stack.enter_context(serving(peer, known, folder, [cores.server]))
            say(f"started: {peer.name} {servers[peer.name].version}")
        except CannotRun as fault:
            _leave_out(str(fault), absences)
    return servers


def _able(server: Running, workloads: Mapping[str, Workload], absences: list[str]) -> frozenset[str]:
    """What it is asked: nothing where it answers other things than it should, since speeds of those say nothing."""
    peer = server.peer
    asked = [each for name, each in workloads.items() if name in peer.workloads]
    faults = {each.name: judge(each, partial(exchange, server.port)) if peer.is_dns else "" for each in asked}
    for name, fault in faults.items():
        if fault:
            _leave_out(f"{peer.name}, {name}: {fault}", absences)
    return frozenset(name for name, fault in faults.items() if not fault)


def _leave_out(why: str, absences: list[str]) -> None:
    say(f"left out: {why}")
    absences.append(why)


def _take(
    able: Mapping[str, frozenset[str]], servers: Mapping[str, Running], files: Mapping[str, Path], wishes: Wishes
) -> list[Sample]:
    turns = list(plan(able, wishes.workloads, wishes.rounds))
    say(f"{len(turns)} runs of {wishes.seconds:g} s, about {len(turns) * (wishes.seconds + 0.3) / 60:.1f} minutes")
    run = partial(run_undisturbed, seconds=wishes.seconds, cores=wishes.cores, patience=wishes.patience)
    samples = []
    for turn in turns:
        samples.append(run(turn, servers[turn.server], files[turn.workload]))
        say(f"round {turn.round + 1}/{wishes.rounds}  {_line(samples[-1])}")
    return samples


def _line(run: Sample) -> str:
    asked = run.asked
    return (
        f"{run.workload:<9} {run.shape:<7} {run.server:<20}{asked.rate:>9,.0f} q/s {run.cpu_a_query:>7.2f} µs CPU"
        f"   p50 {asked.latency.p50:>8,.0f} µs   lost {asked.lost + asked.unsent}"
        f"{'   disturbed' if run.disturbance > DISTURBED else ''}"
    )


def _seen(server: Running) -> Server:
    return Server(
        name=server.peer.name,
        version=server.version,
        settings=server.peer.settings,
        started=server.started,
        memory=memory(family(server.pid)),
    )


def _balance(known: Facts, root: Path, questions: Path, wishes: Wishes) -> Balance:
    cores, folder = wishes.cores, root / "two-workers"
    folder.mkdir()
    with serving(TWO_WORKERS, known, folder, [cores.server, cores.load]) as server:
        return balance.measure(server, questions, wishes.seconds, cores)


def _scale(peers: Sequence[Peer], root: Path, wishes: Wishes) -> tuple[Scale, ...]:
    found = []
    for each in scale.measure([peer for peer in peers if peer.is_dns and not peer.of_same], root, wishes.cores.server):
        say(f"scale: {each.server} {each.fault or f'{each.started:.1f} s, {each.memory.pss / 1e6:.0f} MB'}")
        found.append(each)
    return tuple(found)
