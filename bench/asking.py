"""One run of the load generator: how to ask → what came back."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from bench.tools import LOAD

TIMEOUT = 0.5  # seconds until a question counts as lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`rate`: of an open loop, a second; 0: closed, each socket sends its window once the last one is answered.

    `trains`: bursts leave, and their replies come in, as one buffer each (UDP_SEGMENT, UDP_GRO).
    """

    name: str
    title: str
    sockets: int
    window: int = 1
    rate: int = 0
    trains: bool = False

    def options(self) -> tuple[str, ...]:
        loop = ("--rate", str(self.rate)) if self.rate else ("--window", str(self.window))
        return ("--sockets", str(self.sockets), *loop, *(("--trains",) if self.trains else ()))


SINGLE = Shape(name="single", title="192 sockets, one question in flight each", sockets=192)
BURSTS = Shape(name="bursts", title="8 sockets, bursts of 24 questions", sockets=8, window=24)
TRAINS = Shape(
    name="trains", title="8 sockets, bursts of 24 questions, each as one buffer", sockets=8, window=24, trains=True
)
STEADY = Shape(name="steady", title="a steady 20,000 questions a second from 64 sockets", sockets=64, rate=20_000)
SHAPES = (SINGLE, BURSTS, TRAINS, STEADY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """µs; from the sending in a closed loop, from the time it was meant for in an open one."""

    p50: float
    p90: float
    p99: float
    p999: float
    max: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    seconds: float
    rate: float  # answers a second
    sent: int
    answered: int
    lost: int  # no reply in time
    unsent: int  # open loop: no room for more in flight
    stray: int  # replies that no question waited for
    malformed: int
    truncated: int
    with_answer: int
    octets: int  # of all replies
    errors: int
    rcodes: tuple[int, ...]
    core_share: float  # of the time, in which the load generator had its core; it spins, so all is usual
    latency: Latency
    lateness: Latency  # µs between the time meant for a question and its sending

    @property
    def loss(self) -> float:
        """The share of questions without an answer."""
        meant = self.sent + self.unsent
        return (self.lost + self.unsent) / meant if meant else 0.0


class _Report(TypedDict, total=False):
    rcodes: list[int]
    latency_us: Mapping[str, float]
    lateness_us: Mapping[str, float]


def parse_report(text: str) -> Asked:
    report = cast(_Report, json.loads(text))
    latency, lateness = Latency(**report.pop("latency_us")), Latency(**report.pop("lateness_us"))
    rcodes = tuple(report.pop("rcodes"))
    numbers = cast(Mapping[str, int], report)
    return Asked(**numbers, rcodes=rcodes, latency=latency, lateness=lateness)


def ask(
    port: int, questions: Path, shape: Shape, seconds: float, *, core: int | None = None, timeout: float = TIMEOUT
) -> Asked:
    argv = [
        *(() if core is None else ("taskset", "-c", str(core))),
        *(str(LOAD), "--target", f"127.0.0.1:{port}", "--questions", str(questions), *shape.options()),
        *("--seconds", str(seconds), "--timeout", str(timeout)),
    ]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds + timeout + 30)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)}\n{done.stderr}")
    return parse_report(done.stdout)
