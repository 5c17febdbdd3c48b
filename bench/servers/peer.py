"""What the bench knows of a server before it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.facts import Facts

STEERED = frozenset({"geo", "weighted", "mix"})
STATIC = frozenset({"static", "nxdomain"})
ALL = STEERED | STATIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What to write below the server's folder, and what to run there, in the foreground."""

    argv: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)  # path below the folder → content
    folders: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    check: tuple[str, ...] = ()  # a command that refuses, in words, what this server does not know


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    name: str
    settings: str  # for the reader: what makes it comparable
    setup: Callable[[Facts, Path, int], Setup]  # told its folder and its port
    program: str = ""
    packages: tuple[str, ...] = ()  # Debian's
    version: tuple[str, ...] = ()  # what to run; the first number in its output
    workloads: frozenset[str] = ALL
    of_same: str = ""  # a variant: the peer that it varies
    speed: str = ""  # a variant: what its version has to tell, and that of the peer it varies must not
    is_dns: bool = True
