"""A caching resolver, run by hand on a loopback port, with everything that it writes in one folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import daemons
from tests.resolvers.questions import Question, Widths, ask
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`port`: its own; `upstream`: that of geodns, whom it asks for example.com."""

    folder: Path
    port: int
    upstream: int
    widths: Widths


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`configure`: writes its configuration, and returns the options with which it runs in the foreground."""

    name: str
    program: str
    package: str  # Debian's
    configure: Callable[[Setting], list[str]]
    keeps_negatives: bool  # NODATA and NXDOMAIN are answered from its cache as well
    at_once: int  # questions that it may have under way
    follows: bool = True  # a CNAME that geodns leaves to it


def program(kind: Kind) -> str:
    return daemons.program(kind.program, kind.package)


@contextmanager
def resolving(kind: Kind, upstream: int, widths: Widths, folder: Path) -> Iterator[int]:
    """Its port, with an empty cache to begin with, until the block ends."""
    setting = Setting(folder=folder, port=free_port(LOCAL), upstream=upstream, widths=widths)
    argv = [program(kind), *kind.configure(setting)]
    with daemons.running(argv, folder, lambda: _answers(setting.port)):
        yield setting.port


def _answers(port: int) -> bool:
    try:
        ask(port, [Question("ns1", "A", None)])
    except (ConnectionRefusedError, TimeoutError):
        return False
    return True
