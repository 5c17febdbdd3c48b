"""A file of measured queries, `PREFIX COUNT` a line, parted by commas, tabs or spaces → counts by prefix."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from geodns.config.networks import parse_network
from geodns.config.problem import ConfigError, Problem, unreadable
from geodns.model.place import Network
from geodns.model.source import Source

_MOST_PROBLEMS = 20  # of one file; the rest is likely the same mistake
_COUNT = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_PARTS = re.compile(r"[,;\s]+")


@dataclass(frozen=True, slots=True)
class Count:
    """`queries` need not be whole: samples are scaled. `source`: the first line that names the prefix."""

    queries: Fraction
    source: Source


def read_counts(path: Path) -> dict[Network, Count]:
    """`#` begins a comment. A prefix that stands there again adds to its count. Raises ConfigError."""
    found: dict[Network, Count] = {}
    problems: list[Problem] = []
    try:
        for number, text in _entries(path):
            source = Source(str(path), number, 1)
            try:
                network, queries = _parse(text)
            except ValueError as error:
                problems.append(Problem(source, str(error)))
                if len(problems) == _MOST_PROBLEMS:
                    break
                continue
            before = found.get(network)
            found[network] = Count(before.queries + queries, before.source) if before else Count(queries, source)
    except OSError as error:
        problems = [unreadable(path, error)]
    if not problems and not any(count.queries for count in found.values()):
        problems = [Problem(Source(str(path)), "no queries are counted here; a line is PREFIX COUNT")]
    if problems:
        raise ConfigError(problems)
    return found


def _entries(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if text := line.partition("#")[0].strip():
                yield number, text


def _parse(text: str) -> tuple[Network, Fraction]:
    """Raises ValueError with a sentence for the operator."""
    words = [word.strip('"') for word in _PARTS.split(text)]
    if len(words) != 2:
        raise ValueError(f"a line is PREFIX COUNT, such as 192.0.2.0/24 1500; found '{text}'")
    network = parse_network(words[0])
    if not _COUNT.fullmatch(words[1]):
        raise ValueError(f"'{words[1]}' is no count of queries, such as 1500")
    return network, Fraction(words[1])
