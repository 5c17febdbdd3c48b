"""Whose address decided, and by what a client that is kept is known."""

from ipaddress import ip_address

import pytest

from geodns.cli.explanation import text_of
from geodns.control.explain import explain
from geodns.model.policy import Locate
from tests.control import samples
from tests.control.explaining import ATLAS, EDITION, ZONE, explained, shares, steering
from tests.values import policy, rule, zone


@pytest.mark.parametrize(
    ("client", "resolver", "address", "reason"),
    [
        ("9.9.9.9", None, "9.9.9.9", "the client subnet"),
        ("9.9.9.9", "8.8.8.8", "9.9.9.9", "the client subnet"),
        (
            "2002:909:909::1",
            None,
            "9.9.9.9",
            "the client subnet; it is the IPv4 address inside 2002:909:909::1 (6to4)",
        ),
        (
            "64:ff9b::9.9.9.9",
            None,
            "9.9.9.9",
            "the client subnet; it is the IPv4 address inside 64:ff9b::909:909 (NAT64)",
        ),
        (
            "::ffff:9.9.9.9",
            None,
            "9.9.9.9",
            "the client subnet; it is the IPv4 address inside ::ffff:909:909 (IPv4-mapped)",
        ),
        (
            "2001:0:1::f6f6:f6f6",
            None,
            "9.9.9.9",
            "the client subnet; it is the IPv4 address inside 2001:0:1::f6f6:f6f6 (Teredo)",
        ),
        (
            "10.9.0.1",
            "9.9.9.9",
            "9.9.9.9",
            "the resolver's address, for 10.9.0.1 is private or unroutable and in no own network that a rule names",
        ),
        ("10.1.0.1", "9.9.9.9", "10.1.0.1", "the client subnet"),
    ],
)
def test_the_address_that_decides_is_told_with_how_it_came_about(
    client: str, resolver: str | None, address: str, reason: str
) -> None:
    who = ip_address(resolver) if resolver else None
    found = explain(EDITION, "www.example.com", "A", ip_address(client), 7, resolver=who)
    assert found.steering is not None
    assert (found.resolver, found.steering.effective, found.steering.effective_reason) == (resolver, address, reason)
    if address == "9.9.9.9":
        assert found.steering.rule_number == 2
        assert found.steering.pool == "eu"


def test_a_private_client_without_a_resolver_stands_for_its_own() -> None:
    found = steering("www", client="10.9.0.1")
    assert found.effective_reason.endswith("; no other resolver was named, so it stands for its own")


def test_whose_address_decides_is_told_and_so_is_the_scope_that_follows() -> None:
    by_resolver = policy(rule("eu", country=["DE"]), rule("us"), name="located", locate=Locate.RESOLVER)
    served = zone(steered={"located": "located"}, pools=ZONE.pools.values(), policies=[by_resolver])
    found = explained("located", edition=samples.edition(served, atlas=ATLAS))
    assert found.steering is not None
    assert (found.steering.locate, found.steering.pool, found.scope) == ("resolver", "eu", 0)
    assert found.scope_reason == "0: the resolver's address decides, whatever the client subnet (locate: resolver)"
    assert "  placed by the resolver's address alone (locate: resolver)" in text_of(found.to_json()).splitlines()


def test_of_a_client_that_is_kept_the_prefix_and_its_member_are_told() -> None:
    found = steering("kept", client="9.9.9.9")
    assert found.kept is not None
    assert found.kept.prefix == "9.9.9.0/24"
    (name,) = found.kept.members
    answers = {explained("kept", client=f"9.9.9.{n}").answer for n in range(5)}
    (one,) = (each.addresses for each in found.members if each.member == name)
    assert answers == {(f"kept.example.com. 15 IN A {one[0]}",)}
    # The shares are those of all clients.
    assert shares(found) == pytest.approx({"fra1": 0.75, "fra2": 0.25, "fra3": 0}, abs=0.02)


@pytest.mark.parametrize(
    ("client", "reason", "prefix"),
    [
        (
            "8.8.8.8",
            "24: 8.8.8.0/24 is what the client is known by (sticky), and it has this route throughout",
            "8.8.8.0/24",
        ),
        (
            "2003::1",
            "56: 2003::/56 is what the client is known by (sticky), and it has this route throughout",
            "2003::/56",
        ),
        (
            "2002:909:101::1",
            "40: 2002:909:100::/40 is what the client is known by (sticky), and it has this route throughout",
            "2002:909:100::/40",
        ),
        (
            "10.1.2.3",
            "8: 10.0.0.0/8 is the largest block around the client that has this route throughout",
            "10.1.2.0/24",
        ),
    ],
)
def test_the_scope_of_a_client_that_is_kept_has_its_reason(client: str, reason: str, prefix: str) -> None:
    found = explained("kept", client=client)
    assert found.scope_reason == reason
    assert found.steering is not None
    assert found.steering.kept is not None
    assert found.steering.kept.prefix == prefix


def test_without_an_address_nobody_is_kept() -> None:
    assert steering("kept", client="203.0.113.1").kept is None
