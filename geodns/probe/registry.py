"""The probe types, by the name that a check's `type` says. Each registers itself when `geodns.probe` imports it."""

from collections.abc import Callable
from typing import TypeVar

from geodns.model.check import Probe

P = TypeVar("P", bound=Probe)

PROBES: dict[str, type[Probe]] = {}


def probe(name: str) -> Callable[[type[P]], type[P]]:
    """Registers a dataclass whose fields are the keys that a check of this type may have."""

    def register(kind: type[P]) -> type[P]:
        assert name not in PROBES, f"two probe types are called {name!r}"
        PROBES[name] = kind
        return kind

    return register
