"""Which zone a name belongs to and whether it exists, held against what the RFCs say in words: RFC 1034 §4.3.2."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.name import parse_name
from geodns.model.zone import Zone
from tests.values import rrset, zone
from tests.world import Client, outcome, table_of

Labels = tuple[str, ...]  # without the root
ROOT: Labels = ()


def text(name: Labels) -> str:
    return ".".join((*name, ""))


def suffixes(name: Labels) -> Iterator[Labels]:
    """The name, its ancestors, and the root."""
    return (name[at:] for at in range(len(name) + 1))


def zone_of(apex: Labels, hosts: frozenset[Labels], cuts: frozenset[Labels]) -> Zone:
    """`hosts` and `cuts` are names relative to the apex."""
    origin = parse_name(text(apex) or ".")
    return zone(
        rrset("@", "NS", "ns.test.", origin=origin),
        *(rrset(text((*host, *apex)), "A", "192.0.2.1", origin=origin) for host in hosts - cuts),
        *(rrset(text((*cut, *apex)), "NS", "ns.test.", origin=origin) for cut in cuts),
        name=text(apex) or ".",
    )


def expected(zones: dict[Labels, tuple[frozenset[Labels], frozenset[Labels]]], asked: Labels) -> str:
    """The closest of our zones has the say; what is at or below a delegation of it is not its own."""
    apex = next((each for each in suffixes(asked) if each in zones), None)
    if apex is None:
        return "REFUSED"
    hosts, cuts = ({(*each, *apex) for each in names} for names in zones[apex])
    inside = [each for each in suffixes(asked) if len(each) > len(apex)]
    if any(each in cuts for each in inside):
        return "REFERRAL"
    if asked in hosts:
        return "ANSWER"
    below = (each for each in zones if len(each) > len(apex) and each[len(each) - len(apex) :] == apex)
    occupied = {each for each in (*hosts, *cuts, *below) if not any(above in cuts for above in suffixes(each[1:]))}
    exists = asked == apex or any(asked in suffixes(each) for each in occupied)
    return "NODATA" if exists else "NXDOMAIN"


NAMES = st.lists(st.sampled_from("ab"), min_size=1, max_size=7).map(tuple)
SETS = st.frozensets(NAMES, max_size=4)
APEXES = st.lists(st.sampled_from("ab"), max_size=5).map(tuple)


@given(st.dictionaries(APEXES, st.tuples(SETS, SETS), min_size=1, max_size=4), st.lists(NAMES, min_size=1, max_size=12))
def test_every_name_is_found_where_the_rules_say(
    zones: dict[Labels, tuple[frozenset[Labels], frozenset[Labels]]], names: list[Labels]
) -> None:
    client = Client(table_of([zone_of(apex, hosts, cuts) for apex, (hosts, cuts) in zones.items()]))
    for name in names:
        assert outcome(client.ask(text(name))) == expected(zones, name), text(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("a." * 121 + "example.com.", "NXDOMAIN", id="as many labels as a name can have"),
        pytest.param("a." * 60 + "deep.example.com.", "ANSWER", id="the longest that is there"),
        pytest.param("a." * 59 + "deep.example.com.", "NODATA", id="between it and the apex"),
        pytest.param("b." + "a." * 60 + "deep.example.com.", "NXDOMAIN", id="below it"),
        pytest.param("b." + "a." * 30 + "deep.example.com.", "NXDOMAIN", id="beside it"),
        pytest.param("a." * 126, "REFUSED", id="many labels in no zone of ours"),
        pytest.param(".", "REFUSED", id="the root"),
    ],
)
def test_a_name_of_many_labels_is_found(name: str, said: str) -> None:
    client = Client(table_of([zone(rrset("a." * 60 + "deep", "A", "192.0.2.1"))]))
    assert outcome(client.ask(name)) == said
