"""Whose address says where a client is, as a policy's `locate` has it; the scope tells caches so."""

import pytest

from geodns.model.policy import Locate, Policy, Prefixes
from tests.values import atlas, member, place, policy, pool, rule, zone
from tests.world import Client, addresses, scope, table_of

ATLAS = atlas({"8.0.0.0/8": place("EU/DE"), "9.0.0.0/8": place("NA/US"), "2003::/16": place("EU/DE")})
POOLS = [
    pool("eu", member("fra", "192.0.2.1")),
    pool("us", member("iad", "192.0.2.2")),
    pool("office", member("own", "192.0.2.3")),
    pool("rest", member("any", "192.0.2.4")),
    pool("many", *(member(f"m{n}", f"192.0.2.{n}") for n in range(11, 27))),
]
EU, US, OFFICE, REST = ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4")


def by_place(locate: Locate) -> Policy:
    return policy(
        rule("office", network=["10.1.0.0/16"]),
        rule("eu", country=["DE"]),
        rule("us", country=["US"]),
        rule("rest"),
        name=locate.name,
        locate=locate,
    )


def kept_by(locate: Locate) -> Policy:
    by_prefix = Prefixes(ipv4=24, ipv6=56)
    return policy(rule("many"), name=f"kept-{locate.name}", select="sticky", sticky=by_prefix, locate=locate)


POLICIES = [made(locate) for made in (by_place, kept_by) for locate in Locate]
ZONE = zone(steered={each.name: each.name for each in POLICIES}, pools=POOLS, policies=POLICIES)


def answered(name: str, subnet: str | None, resolver: str) -> tuple[str, int | None]:
    reply = Client(table_of([ZONE], ATLAS)).ask(f"{name}.example.com.", "A", subnet=subnet, client=resolver)
    (address,) = addresses(reply)
    return address, scope(reply)


@pytest.mark.parametrize(
    ("locate", "subnet", "resolver", "expected", "scope_"),
    [
        pytest.param("EITHER", "8.8.8.0/24", "9.9.9.9", EU, 8, id="as it is by itself"),
        pytest.param("EITHER", "10.9.0.0/16", "9.9.9.9", US, 13, id="a private client: the resolver"),
        pytest.param("RESOLVER", "8.8.8.0/24", "9.9.9.9", US, 0, id="the client subnet is not looked at"),
        pytest.param("RESOLVER", "10.1.0.0/16", "9.9.9.9", US, 0, id="in an own network neither"),
        pytest.param("RESOLVER", None, "9.9.9.9", US, None, id="none asked, none in the reply"),
        pytest.param("RESOLVER", "0.0.0.0/0", "8.8.8.8", EU, 0, id="source 0"),
        pytest.param("RESOLVER", "8.8.8.0/24", "10.9.9.9", REST, 0, id="a private resolver is nowhere"),
        pytest.param("RESOLVER", "8.8.8.0/24", "10.1.9.9", OFFICE, 0, id="or in an own network"),
        pytest.param("RESOLVER", "9.9.9.0/24", "2003::53", EU, 0, id="a resolver of the other family"),
        pytest.param("SUBNET", "8.8.8.0/24", "9.9.9.9", EU, 8, id="the client subnet decides"),
        pytest.param("SUBNET", "2003:1::/48", "9.9.9.9", EU, 16, id="in IPv6 too"),
        pytest.param("SUBNET", None, "9.9.9.9", REST, None, id="without one a client is nowhere"),
        pytest.param("SUBNET", "0.0.0.0/0", "9.9.9.9", REST, 0, id="so it is with source 0"),
        pytest.param("SUBNET", "10.9.0.0/16", "9.9.9.9", REST, 13, id="and with a private one, in all of its block"),
        pytest.param("SUBNET", "10.1.7.0/24", "9.9.9.9", OFFICE, 16, id="unless an own network holds it"),
        pytest.param("SUBNET", "12.0.0.0/8", "9.9.9.9", REST, 6, id="a place that the database does not know"),
    ],
)
def test_the_place_is_that_of_whoever_locate_says(
    locate: str, subnet: str | None, resolver: str, expected: str, scope_: int | None
) -> None:
    assert answered(locate, subnet, resolver) == (expected, scope_)


SUBNETS = [f"8.1.{n}.0/24" for n in range(64)]
RESOLVERS = [f"9.1.{n}.53" for n in range(64)]


def test_with_the_resolver_alone_it_is_the_resolver_that_keeps_its_member() -> None:
    assert len({answered("kept-RESOLVER", subnet, "9.9.9.9") for subnet in SUBNETS}) == 1
    mine = [answered("kept-RESOLVER", SUBNETS[0], resolver) for resolver in RESOLVERS]
    assert len({address for address, _ in mine}) > 8
    assert {found for _, found in mine} == {0}
    # It is kept where a client of its prefix would be.
    as_clients = [answered("kept-SUBNET", f"{resolver}/24", "8.8.8.8")[0] for resolver in RESOLVERS]
    assert [address for address, _ in mine] == as_clients


def test_with_the_client_subnet_alone_the_resolver_matters_to_nobody_who_has_one() -> None:
    assert len({answered("kept-SUBNET", SUBNETS[0], resolver) for resolver in RESOLVERS}) == 1
    mine = [answered("kept-SUBNET", subnet, "9.9.9.9") for subnet in SUBNETS]
    assert len({address for address, _ in mine}) > 8
    assert {found for _, found in mine} == {24}


def test_clients_that_are_nowhere_are_kept_by_their_resolver() -> None:
    """They have one route; on whom to keep them is all that is left to tell, and IPv4 inside IPv6 is IPv4 there too."""
    for subnet in (None, "0.0.0.0/0", "10.9.0.0/16"):
        four, six = (answered("kept-SUBNET", subnet, resolver) for resolver in ("9.1.2.53", "::ffff:9.1.2.53"))
        assert four == six
        assert four[0] == answered("kept-SUBNET", "9.1.2.0/24", "8.8.8.8")[0]
