"""dnsperf: what it counts, over each transport.

python -m tests.clients.dnsperf --server 192.0.2.53 --port 53 --count 1000000 udp tcp
"""

import argparse
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.daemons import program

# Name and type, and the code that is expected. dnsperf goes through them again and again.
QUESTIONS = (
    ("www.asked.example A", "NOERROR"),
    ("alias.asked.example AAAA", "NOERROR"),
    ("x.y.any.asked.example TXT", "NOERROR"),
    ("www.asked.example MX", "NOERROR"),
    ("x.cut.asked.example A", "NOERROR"),
    ("big.asked.example A", "NOERROR"),
    ("gone.asked.example A", "NXDOMAIN"),
    ("elsewhere.example A", "REFUSED"),
)
TRANSPORTS = ("udp", "tcp", "dot", "doh")
_COUNTED = re.compile(r"Queries (sent|completed|lost):\s+(\d+)")
_CODE = re.compile(r"([A-Z]+) (\d+) \(")


@dataclass(frozen=True, slots=True)
class Counts:
    sent: int
    completed: int
    lost: int
    codes: Mapping[str, int]
    said: str


def run(server: str, port: int, transport: str, count: int, *, at_once: int = 100) -> Counts:
    """`count` questions and up to one round more, from four clients that have `at_once` under way together."""
    argv = [program("dnsperf", "dnsperf"), "-s", server, "-p", str(port), "-m", transport, "-c", "4", "-e"]
    argv += ["-q", str(at_once), "-n", str(-(-count // len(QUESTIONS)))]
    with TemporaryDirectory() as folder:
        questions = Path(folder) / "questions"
        questions.write_text("".join(f"{question}\n" for question, _ in QUESTIONS))
        done = subprocess.run([*argv, "-d", str(questions)], capture_output=True, text=True, timeout=600)
    counted = {word: int(number) for word, number in _COUNTED.findall(done.stdout)}
    assert counted, f"dnsperf counted nothing:\n{done.stdout}{done.stderr}"
    codes = {code: int(number) for code, number in _CODE.findall(done.stdout.partition("Response codes:")[2])}
    return Counts(counted["sent"], counted["completed"], counted["lost"], codes, done.stdout + done.stderr)


def expected(sent: int) -> dict[str, int]:
    rounds = sent // len(QUESTIONS)
    codes = [code for _, code in QUESTIONS]
    return {code: codes.count(code) * rounds for code in codes}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.clients.dnsperf", description="Asks for asked.example.")
    parser.add_argument("--server", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5300)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("transports", nargs="*", default=("udp", "tcp"), metavar="|".join(TRANSPORTS))
    options = parser.parse_args()
    for transport in options.transports:
        counts = run(options.server, options.port, transport, options.count)
        print(counts.said)
        assert not counts.lost, f"{transport}: {counts.lost} were lost"
        assert counts.codes == expected(counts.sent), f"{transport}: {counts.codes}"


if __name__ == "__main__":
    main()
