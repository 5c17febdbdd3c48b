"""All that one run found out: what the table, the plot and the raw JSON are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.accounting import Memory
from bench.asking import SHAPES, Shape
from bench.figures import Figure
from bench.machine import Machine

_FEW = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that was measured."""

    name: str
    version: str
    settings: str
    started: float  # seconds
    memory: Memory  # after all rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Of a server with several workers: the share of CPU time that each had."""

    server: str
    shares: tuple[float, ...]
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A server with very many names. `restarted`: where a second start is another thing than the first."""

    server: str
    started: float  # seconds
    restarted: float | None
    memory: Memory
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    machine: Machine
    rounds: int
    seconds: float
    servers: tuple[Server, ...]
    absent: tuple[str, ...]  # what was not measured, and why
    titles: Mapping[str, str]  # of the workloads, in their order
    figures: tuple[Figure, ...]
    runs: int
    disturbed: int  # of these: other programs took more than a twentieth of the time
    balance: Balance | None = None
    scale: tuple[Scale, ...] = ()
    scale_names: int = 0

    @property
    def is_disturbed(self) -> bool:
        """Some runs may be: medians pass them over."""
        return self.disturbed > self.runs * _FEW

    def of(self, workload: str, shape: Shape) -> list[Figure]:
        """In the order of the servers."""
        order = [server.name for server in self.servers]
        chosen = [each for each in self.figures if each.workload == workload and each.shape == shape.name]
        return sorted(chosen, key=lambda each: order.index(each.server))

    def shapes(self, workload: str) -> list[Shape]:
        return [shape for shape in SHAPES if self.of(workload, shape)]
