"""Samples → figures: medians with their range, and ratios of runs that stand beside each other.

A machine's speed wanders within minutes. So a ratio is taken within a round, where both servers ran a few seconds
apart, and the median is taken over these ratios.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.accounting import Cpu
from bench.asking import Asked

REFERENCES = ("gdnsd", "nsd")
DISTURBED = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run."""

    round: int
    server: str
    workload: str
    shape: str
    asked: Asked
    cpu: Cpu  # of the server, all processes

    @property
    def disturbance(self) -> float:
        """The share of the time that other programs took from the server or from the load, whichever lost more."""
        return max(1 - self.asked.core_share, self.cpu.waited / self.asked.seconds)

    @property
    def cpu_a_query(self) -> float:
        """µs."""
        return self.cpu.total / self.asked.answered * 1e6 if self.asked.answered else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Of a server at a workload in a shape, over all rounds."""

    server: str
    workload: str
    shape: str
    rate: Spread  # answers a second
    cpu: Spread  # µs a query
    user: float  # of these; the share is pooled over all rounds
    busy: float  # the share of its core that it used: well under one, and the load was the limit
    p50: Spread  # µs
    p99: Spread
    p999: Spread
    loss: float  # of all questions
    answered: int
    octets: float  # a reply
    cpu_ratios: Mapping[str, Spread]  # CPU µs a query ÷ the reference's, by its name
    rate_ratios: Mapping[str, Spread]


Key = tuple[str, str, str]


def spread(values: Iterable[float]) -> Spread:
    values = list(values)
    return Spread(middle=median(values), low=min(values), high=max(values))


def figures(samples: Iterable[Sample]) -> list[Figure]:
    """In the order of their first samples."""
    by_key: dict[Key, list[Sample]] = {}
    for sample in samples:
        if sample.asked.answered:
            by_key.setdefault((sample.workload, sample.shape, sample.server), []).append(sample)
    return [_figure(runs, by_key) for runs in by_key.values()]


def _figure(runs: Sequence[Sample], by_key: Mapping[Key, Sequence[Sample]]) -> Figure:
    first = runs[0]
    beside = {name: by_key.get((first.workload, first.shape, name), ()) for name in REFERENCES}
    answered = sum(run.asked.answered for run in runs)
    asked = sum(run.asked.sent + run.asked.unsent for run in runs)
    cpu = spread(run.cpu_a_query for run in runs)
    return Figure(
        server=first.server,
        workload=first.workload,
        shape=first.shape,
        rate=spread(run.asked.rate for run in runs),
        cpu=cpu,
        user=cpu.middle * user_share(run.cpu for run in runs),
        busy=median(run.cpu.total / run.asked.seconds for run in runs),
        p50=spread(run.asked.latency.p50 for run in runs),
        p99=spread(run.asked.latency.p99 for run in runs),
        p999=spread(run.asked.latency.p999 for run in runs),
        loss=sum(run.asked.lost + run.asked.unsent for run in runs) / asked,
        answered=answered,
        octets=sum(run.asked.octets for run in runs) / answered,
        cpu_ratios={name: ratio for name, others in beside.items() if (ratio := cpu_ratio(runs, others))},
        rate_ratios={name: ratio for name, others in beside.items() if (ratio := rate_ratio(runs, others))},
    )


def user_share(times: Iterable[Cpu]) -> float:
    times = list(times)
    user, system = sum(time.user for time in times), sum(time.system for time in times)
    return user / (user + system) if user + system else 0.0


def cpu_ratio(runs: Sequence[Sample], others: Sequence[Sample]) -> Spread | None:
    return _ratio([(a.cpu_a_query, b.cpu_a_query) for a, b in _pairs(runs, others)])


def rate_ratio(runs: Sequence[Sample], others: Sequence[Sample]) -> Spread | None:
    return _ratio([(a.asked.rate, b.asked.rate) for a, b in _pairs(runs, others)])


def _ratio(pairs: Sequence[tuple[float, float]]) -> Spread | None:
    ratios = [ours / theirs for ours, theirs in pairs if theirs]
    return spread(ratios) if ratios else None


def _pairs(runs: Sequence[Sample], others: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    """Of the same round."""
    theirs = {other.round: other for other in others}
    return [(run, theirs[run.round]) for run in runs if run.round in theirs]
