"""A file of networks, one a line → networks. It is read again only when it has become another one."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from geodns.config.networks import parse_network
from geodns.config.problem import ConfigError, Problem, unreadable
from geodns.model.place import Network
from geodns.model.source import Source

_KEPT = 32  # files
_MOST_PROBLEMS = 20  # of one file; the rest is likely the same mistake


def read_networks(path: Path) -> tuple[Network, ...]:
    """Prefixes and addresses; `#` begins a comment, and what follows white space is one too. Raises ConfigError."""
    try:
        status = path.stat()
        return _read(path, (status.st_ino, status.st_mtime_ns, status.st_size))
    except OSError as error:
        raise ConfigError([unreadable(path, error)]) from None


@lru_cache(_KEPT)
def _read(path: Path, _stamp: tuple[int, int, int]) -> tuple[Network, ...]:
    networks: list[Network] = []
    problems: list[Problem] = []
    for number, text in _entries(path):
        try:
            networks.append(parse_network(text))
        except ValueError as error:
            problems.append(Problem(Source(str(path), number, 1), str(error)))
            if len(problems) == _MOST_PROBLEMS:
                break
    if problems:
        raise ConfigError(problems)
    return tuple(networks)


def _entries(path: Path) -> Iterator[tuple[int, str]]:
    """The first word of each line that has one, with the line's number."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            words = line.partition("#")[0].split(maxsplit=1)
            if words:
                yield number, words[0]
