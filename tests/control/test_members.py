"""A member's state in words: what operators said goes before what health says."""

import pytest

from geodns.control.members import MemberView, state_of, view_member
from geodns.model.pool import Family, State
from geodns.model.verdict import CLEAR, Outlook
from tests.values import check, member, outlook, pool, zone

WEB = check()
EU = pool(
    "eu",
    member("both", "192.0.2.1", "2001:db8::1", weight=3),
    member("two", "192.0.2.2", "192.0.2.3"),
    member("drained", "192.0.2.4", state=State.DRAIN),
    member("forced", "192.0.2.5", state=State.UP),
    check=WEB,
)
UNCHECKED = pool("us", member("one", "192.0.2.6"))
ZONE = zone(pools=[EU, UNCHECKED])
BY_NAME = {each.name: (pool, each) for pool in (EU, UNCHECKED) for each in pool.members}


def down(*addresses: str) -> Outlook:
    return outlook(*((WEB, address) for address in addresses))


def ordered(name: str, state: State, *addresses: str) -> Outlook:
    overrides = {("eu", name): state}
    return outlook(*((WEB, address) for address in addresses), overrides=overrides)


@pytest.mark.parametrize(
    ("name", "said", "family", "state"),
    [
        ("both", CLEAR, None, "up"),
        ("both", down("192.0.2.1", "2001:db8::1"), None, "down"),
        ("both", down("2001:db8::1"), None, "partly up"),
        ("both", down("2001:db8::1"), Family.IPV4, "up"),
        ("both", down("2001:db8::1"), Family.IPV6, "down"),
        ("two", down("192.0.2.3"), Family.IPV4, "partly up"),
        ("two", CLEAR, Family.IPV6, "has no address of this family"),
        ("one", CLEAR, None, "up (not checked)"),
        ("drained", CLEAR, None, "drain at zones/example.com.yaml:1:1"),
        ("drained", ordered("drained", State.UP), None, "up by test: test"),
        ("forced", down("192.0.2.5"), None, "up at zones/example.com.yaml:1:1"),
        ("forced", ordered("forced", State.DOWN), None, "down by test: test"),
        ("both", ordered("both", State.DRAIN, "192.0.2.1"), None, "drain by test: test"),
        ("two", ordered("two", State.DOWN), Family.IPV6, "down by test: test"),
    ],
)
def test_a_state_says_whether_and_why(name: str, said: Outlook, family: Family | None, state: str) -> None:
    pool, one = BY_NAME[name]
    assert state_of(said, ZONE, pool, one, family) == state


def test_a_member_is_shown_with_its_addresses_of_the_asked_family() -> None:
    pool, one = BY_NAME["both"]
    both = view_member(CLEAR, ZONE, pool, one)
    assert both == MemberView(
        pool="eu", member="both", addresses=("192.0.2.1", "2001:db8::1"), weight=3, share=0.0, state="up"
    )
    assert view_member(CLEAR, ZONE, pool, one, 0.5, Family.IPV6).addresses == ("2001:db8::1",)
