"""Runs, figures and reports as values."""

from bench.accounting import Cpu, Memory
from bench.asking import Asked, Latency
from bench.figures import DISTURBED, Figure, Sample, figures
from bench.machine import Machine
from bench.report import Report, Server

MACHINE = Machine(
    cpu="A <fast> CPU & more",
    cores=2,
    virtual=True,
    memory=8 * 2**30,
    kernel="6.1",
    system="Debian 12",
    python="3.11.2",
    date="2026-01-01",
)
MEMORY = Memory(rss=20_000_000, pss=15_000_000)


def latency(p50: float = 40.0) -> Latency:
    return Latency(p50=p50, p90=p50 * 2, p99=p50 * 3, p999=p50 * 4, max=p50 * 5, mean=p50)


def asked(rate: float = 200_000.0, *, lost: int = 0, seconds: float = 1.0) -> Asked:
    answered = int(rate * seconds)
    return Asked(
        seconds=seconds,
        rate=rate,
        sent=answered + lost,
        answered=answered,
        lost=lost,
        unsent=0,
        stray=0,
        malformed=0,
        truncated=0,
        with_answer=answered,
        octets=answered * 80,
        errors=0,
        rcodes=(answered, *[0] * 15),
        core_share=1.0,
        latency=latency(),
        lateness=latency(0.0),
    )


def sample(
    server: str = "geodns",
    number: int = 0,
    *,
    rate: float = 200_000.0,
    micros: float = 4.0,
    user: float = 0.1,
    workload: str = "static",
    shape: str = "single",
    lost: int = 0,
    waited: float = 0.0,
) -> Sample:
    """`micros`: of CPU a query; `user`: the share of it."""
    run = asked(rate, lost=lost)
    total = run.answered * micros / 1e6
    cpu = Cpu(total=total, user=total * user, system=total * (1 - user), waited=waited)
    return Sample(round=number, server=server, workload=workload, shape=shape, asked=run, cpu=cpu)


def figure(*samples: Sample) -> Figure:
    return figures(samples)[0]


def server(name: str, version: str = "1.0") -> Server:
    return Server(name=name, version=version, settings="one thread", started=0.25, memory=MEMORY)


def report(*samples: Sample, rounds: int = 2) -> Report:
    names = dict.fromkeys(each.server for each in samples)
    workloads = dict.fromkeys(each.workload for each in samples)
    return Report(
        machine=MACHINE,
        rounds=rounds,
        seconds=2,
        servers=tuple(map(server, names)),
        absent=("bind: not installed",),
        titles={name: f"{name} names" for name in workloads},
        figures=tuple(figures(samples)),
        runs=len(samples),
        disturbed=sum(each.disturbance > DISTURBED for each in samples),
    )
