"""The answer path at both of its speeds in one process: as it is imported, and its sources once more, interpreted.

`running` is the one that tests.world asks; the fixture `speed` of tests/conftest.py puts each of them there in turn.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import geodns
from geodns.answer.speed import SPEED
from geodns.interpreted import INTERPRETED, SourcesOnly
from geodns.table.image import Table
from geodns.table.part import Part

NAMES = tuple(
    f"geodns.{name}"
    for name in (
        "answer.chain", "answer.chance", "answer.chaos", "answer.conduct", "answer.cookie", "answer.crowd",
        "answer.draw", "answer.edns", "answer.extended", "answer.find", "answer.key", "answer.limiter",
        "answer.limiting", "answer.limits", "answer.locate", "answer.memory", "answer.octets", "answer.option",
        "answer.query", "answer.question", "answer.reply", "answer.resolve", "answer.sections",
        "answer.siphash", "answer.subnet", "serve.freshness", "serve.huffman", "serve.proxied", "table.image",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speed:
    """One set of the modules, by their names."""

    name: str
    modules: Mapping[str, ModuleType]

    def the(self, name: str) -> Any:
        """A module of the answer path, such as `answer.reply`."""
        return self.modules[f"geodns.{name}"]

    def table(self, table: Table) -> Table:
        """The same buffers as a table of this speed."""
        names, plans = Part(table.names, table.names_octets), Part(table.plans, table.plans_octets)
        territories = Part(table.territories, table.plans_octets)
        adopted: Table = self.the("table.image").Table(names, territories, plans, table.generation, table.created)
        return adopted


def _as_imported() -> Speed:
    return Speed(SPEED, {name: import_module(name) for name in NAMES})


def _interpreted() -> Speed:
    with _apart():
        return Speed(INTERPRETED, {name: import_module(name) for name in NAMES})


@contextmanager
def _apart() -> Iterator[None]:
    """Modules that are imported meanwhile are others than those imported before and after."""
    before = {name: sys.modules.pop(name) for name in NAMES}
    for name in NAMES:
        package, _, own = name.rpartition(".")
        delattr(sys.modules[package], own)  # where `from package import module` looks first
    finder = SourcesOnly()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(before)
        for name, module in before.items():
            package, _, own = name.rpartition(".")
            setattr(sys.modules[package], own, module)


def stale() -> Iterator[Path]:
    """Sources that have changed since their extension was built."""
    for extension in Path(geodns.__file__).parent.rglob("*.so"):
        module = extension.with_name(extension.name.split(".")[0])
        for source in (module.with_suffix(suffix) for suffix in (".py", ".pyx", ".pxd")):
            if source.exists() and source.stat().st_mtime > extension.stat().st_mtime:
                yield source


AS_IMPORTED = _as_imported()
SPEEDS = (AS_IMPORTED,) if SPEED == INTERPRETED else (AS_IMPORTED, _interpreted())
running = AS_IMPORTED


@contextmanager
def at(speed: Speed) -> Iterator[None]:
    global running
    before, running = running, speed
    try:
        yield
    finally:
        running = before
