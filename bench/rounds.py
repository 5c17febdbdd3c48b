"""Who is asked what, and when: every round has all servers at all workloads, each round in another order.

What changes on the machine meanwhile then meets all of them, and none has the same neighbour each time.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accounting import cpu, family, idle
from bench.asking import SHAPES, STEADY, Shape, ask
from bench.figures import DISTURBED, Sample
from bench.running import Running

WARM_UP = 0.1  # seconds; its caches were another server's
_LOOK, _QUIET = 0.3, 0.95  # seconds; the share of them that the cores of a quiet machine sleep
LATENCY_WORKLOADS = frozenset({"geo", "static"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    round: int
    server: str
    workload: str
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Cores:
    server: int
    load: int


def plan(able: Mapping[str, frozenset[str]], workloads: Sequence[str], rounds: int) -> Iterator[Turn]:
    """`able`: what each server can be asked."""
    for number in range(rounds):
        for name in workloads:
            servers = rotated([server for server, can in able.items() if name in can], number)
            for shape in shapes_of(name):
                for server in servers:
                    yield Turn(round=number, server=server, workload=name, shape=shape)


def rotated(servers: Sequence[str], number: int) -> list[str]:
    at = number % len(servers) if servers else 0
    return [*servers[at:], *servers[:at]]


def shapes_of(workload: str) -> tuple[Shape, ...]:
    return tuple(shape for shape in SHAPES if shape != STEADY or workload in LATENCY_WORKLOADS)


def run_undisturbed(
    turn: Turn, server: Running, questions: Path, *, seconds: float, cores: Cores, patience: float
) -> Sample:
    """Repeated while other programs disturb it, for `patience` seconds; the least disturbed run counts."""
    best = _run(turn, server, questions, seconds, cores)
    deadline = time.monotonic() + patience
    while best.disturbance > DISTURBED and _is_quiet_before(deadline):
        best = min(best, _run(turn, server, questions, seconds, cores), key=lambda each: each.disturbance)
    return best


def _is_quiet_before(deadline: float) -> bool:
    """Waits until nearly all cores sleep; the servers that are not asked do."""
    while time.monotonic() < deadline:
        before, begin = idle(), time.monotonic()
        time.sleep(_LOOK)
        if idle() - before > _QUIET * (time.monotonic() - begin):
            return True
    return False


def _run(turn: Turn, server: Running, questions: Path, seconds: float, cores: Cores) -> Sample:
    ask(server.port, questions, turn.shape, WARM_UP, core=cores.load)
    pids = family(server.pid)
    before = cpu(pids)
    asked = ask(server.port, questions, turn.shape, seconds, core=cores.load)
    return Sample(
        round=turn.round,
        server=turn.server,
        workload=turn.workload,
        shape=turn.shape.name,
        asked=asked,
        cpu=cpu(pids) - before,
    )
