"""What a server takes, from the kernel's books: CPU time and memory of a process and all that descend from it.

The total of CPU time is exact (schedstat, in nanoseconds). Its split into user and system is sampled by the kernel's
tick, so a single run has it within some tenths; figures pool it over all rounds.
"""

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    """Seconds; `user` and `system` are the tick's. `waited`: ready to run, while another program had the core."""

    total: float
    user: float
    system: float
    waited: float

    def __sub__(self, earlier: "Cpu") -> "Cpu":
        return Cpu(
            total=self.total - earlier.total,
            user=self.user - earlier.user,
            system=self.system - earlier.system,
            waited=self.waited - earlier.waited,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Octets. `pss`: what processes share is counted once."""

    rss: int
    pss: int


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    children = [
        int(child)
        for task in (_PROC / str(pid) / "task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return [pid, *(one for child in children for one in family(child))]


def cpu(pids: list[int]) -> Cpu:
    ticks = [_ticks((_PROC / str(pid) / "stat").read_text()) for pid in pids]
    scheduled = [each for pid in pids for each in _scheduled(pid)]
    return Cpu(
        total=sum(ran for ran, _ in scheduled),
        user=sum(user for user, _ in ticks) / _TICK,
        system=sum(system for _, system in ticks) / _TICK,
        waited=sum(waited for _, waited in scheduled),
    )


def idle() -> float:
    """Seconds since the start of the machine in which its cores did nothing: the mean of them."""
    fields = (_PROC / "stat").read_text().split(maxsplit=5)
    return int(fields[4]) / _TICK / (os.cpu_count() or 1)


def memory(pids: list[int]) -> Memory:
    rollups = [_sizes((_PROC / str(pid) / "smaps_rollup").read_text()) for pid in pids]
    return Memory(rss=sum(sizes["Rss"] for sizes in rollups), pss=sum(sizes["Pss"] for sizes in rollups))


def _scheduled(pid: int) -> list[tuple[float, float]]:
    """Of each thread that lives: seconds on a CPU, and seconds of waiting for one."""
    files = [(thread / "schedstat").read_text().split() for thread in (_PROC / str(pid) / "task").iterdir()]
    return [(int(ran) / 1e9, int(waited) / 1e9) for ran, waited, _ in files]


def _ticks(stat: str) -> tuple[int, int]:
    """The name, in brackets, may hold anything."""
    fields = stat.rsplit(")", 1)[1].split()
    return int(fields[11]), int(fields[12])


def _sizes(rollup: str) -> dict[str, int]:
    lines = (line.split() for line in rollup.splitlines()[1:])
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines}
