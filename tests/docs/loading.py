"""A text → what geodns says of it, with all probes, selections and the embedded database."""

from functools import cache
from ipaddress import IPv4Network
from pathlib import Path

from geodns.config.problem import ConfigError
from geodns.config.transfers import Acquaintances
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.geo.atlas import Atlas
from geodns.geo.embedded import embedded
from geodns.model.name import parse_name
from geodns.model.transfer import Key
from geodns.policy.trial import failures

_NETWORKS = {
    "office": (IPv4Network("198.18.0.0/24"),),
    "cdn": (IPv4Network("203.0.113.0/24"),),
}  # what geodns.yaml would name
_KEYS = [Key(name=parse_name(name), algorithm="hmac-sha256", secret=bytes(32)) for name in ("secondary", "primary")]
KNOWN = Acquaintances(_NETWORKS, {key.name: key for key in _KEYS})


@cache
def _atlas() -> Atlas:
    return embedded()


def said_of_zone(text: str, folder: Path) -> list[str]:
    """Problems, warnings, and failed tests of its own, each without its place."""
    file = folder / "zone.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        loaded = load([file], VOCABULARY, KNOWN)
    except ConfigError as error:
        return [problem.message for problem in error.problems]
    failed = [str(failure) for zone in loaded.zones for failure in failures(zone, _atlas().place_of)]
    return [*(warning.message for warning in loaded.warnings), *failed]


def refusals_of_zone(text: str, folder: Path) -> list[str]:
    """Problems alone, each with its place."""
    file = folder / "zone.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        load([file], VOCABULARY, KNOWN)
    except ConfigError as error:
        return [str(problem) for problem in error.problems if not problem.is_warning]
    return []
