"""Two workers on both cores: does the kernel give each its share?"""

from pathlib import Path

from bench.accounting import cpu, family
from bench.asking import SINGLE, ask
from bench.report import Balance
from bench.rounds import Cores
from bench.running import Running


def measure(server: Running, questions: Path, seconds: float, cores: Cores) -> Balance:
    """The workers are the two that work most; the others of the family answer nothing."""
    pids = family(server.pid)
    before = {pid: cpu([pid]).total for pid in pids}
    asked = ask(server.port, questions, SINGLE, seconds, core=cores.load)
    took = sorted((cpu([pid]).total - before[pid] for pid in pids), reverse=True)[:2]
    return Balance(server=server.peer.name, shares=tuple(each / sum(took) for each in took), rate=asked.rate)
