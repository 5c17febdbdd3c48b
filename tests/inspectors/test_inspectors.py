"""zonemaster and dnsviz find nothing wrong with a zone that geodns serves, nor with its delegation."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.daemons import program
from tests.inspectors.network import inside
from tests.inspectors.tree import OURS

pytestmark = pytest.mark.sockets

# What zonemaster notes, apart from what it has seen to be right: each with its reason.
NOTED = {
    ("WARNING", "NAMESERVER_IP_WITHOUT_REVERSE"): "the tree of the test has no in-addr.arpa and ip6.arpa",
    ("NOTICE", "NEITHER_DNSKEY_NOR_DS"): "geodns does not sign zones",
    ("NOTICE", "NOT_SIGNED"): "geodns does not sign zones",
}


@cache
def inspected(inspector: str, *words: str) -> Any:
    package = {"zonemaster": "zonemaster-cli", "dnsviz": "dnsviz"}[inspector]
    program(package, package)
    program("knotd", "knot")
    done = inside(inspector, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def zonemaster(*words: str) -> list[tuple[str, str]]:
    """(level, tag) of what it says."""
    return [(entry["level"], entry["tag"]) for entry in inspected("zonemaster", *words)]


def dnsviz(*words: str) -> list[str]:
    return list(faults(inspected("dnsviz", *words)))


def faults(found: Any, path: str = "") -> Iterator[str]:
    """The entries under `errors` and `warnings`, wherever they stand."""
    pairs = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, inner in pairs:
        if key in ("errors", "warnings"):
            yield from (f"{path}: {each['code']}: {each['description']}" for each in inner)
        else:
            yield from faults(inner, f"{path}/{key}")


def test_zonemaster_finds_nothing_that_has_no_reason() -> None:
    said = zonemaster()
    assert {(level, tag) for level, tag in said if level != "INFO"} == NOTED.keys()
    assert len(said) > 50, "it has not looked at much"


def test_dnsviz_finds_nothing_at_any_of_the_addresses() -> None:
    found = inspected("dnsviz")
    assert dnsviz() == []
    said = json.dumps(found)
    for address in (address for both in OURS.values() for address in both):
        assert f'"{address}"' in said, f"it has not asked {address}"
    assert found["gone.inspected.example."]["status"] == "NXDOMAIN"


def test_a_server_that_is_not_there_would_be_found_by_both() -> None:
    assert {level for level, _ in zonemaster("lame")} & {"ERROR", "CRITICAL"}
    assert dnsviz("lame")
