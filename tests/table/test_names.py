"""Which names exist, what they hold, and whose they are: several zones in one table, asked for."""

import pytest

from geodns.model.name import parse_name
from geodns.model.zone import Zone
from geodns.table.names import compile_names
from tests.values import member, policy, pool, rrset, rule, zone
from tests.world import Client, lines, outcome, table_of

NS = rrset("@", "NS", "ns.example.net.")
PARENT = zone(
    NS,
    rrset("www", "A", "192.0.2.1"),
    rrset("deep.down.in.here", "A", "192.0.2.2"),
    rrset("*.wild", "A", "192.0.2.3"),
    rrset("below.a.wild", "TXT", "x"),
    rrset("cut", "NS", "ns.cut", "ns.other.cut", "ns.example.net."),
    rrset("ns.cut", "A", "192.0.2.4"),
    rrset("ns.other.cut", "AAAA", "2001:db8::4"),
    rrset("*.cut", "A", "192.0.2.5"),
    rrset("lower.cut", "NS", "ns.example.org."),
    rrset("signed", "NS", "ns.example.net."),
    rrset("signed", "DS", "1 13 2 " + "00" * 32),
    rrset("child.far", "NS", "ns.example.net."),
    rrset("child.far", "DS", "2 13 2 " + "11" * 32),
    rrset("beside.child.far", "A", "192.0.2.6"),
    rrset("alias", "CNAME", "www.child.far"),
    rrset("*.undelegated", "A", "192.0.2.7"),
)


def child(name: str, address: str, *delegated: str) -> Zone:
    origin = parse_name(name)
    cuts = (rrset(each, "NS", "ns.example.net.", origin=origin) for each in delegated)
    return zone(
        rrset("@", "NS", "ns.example.net.", origin=origin), rrset("www", "A", address, origin=origin), *cuts, name=name
    )


ZONES = (
    PARENT,
    child("child.far.example.com.", "198.51.100.1", "grand"),
    child("grand.child.far.example.com.", "198.51.100.2"),
    child("kid.undelegated.example.com.", "198.51.100.3"),
    child("example.org.", "198.51.100.4"),
)
CLIENT = Client(table_of(ZONES))


@pytest.mark.parametrize(
    ("name", "rtype", "expected"),
    [
        # Empty non-terminals (RFC 4592 §2.2.2)
        ("deep.down.in.here", "A", "ANSWER"),
        ("down.in.here", "A", "NODATA"),
        ("here", "A", "NODATA"),
        ("x.here", "A", "NXDOMAIN"),
        ("wild", "A", "NODATA"),
        # Wildcards
        ("any.wild", "A", "ANSWER"),
        ("any.name.at.all.wild", "A", "ANSWER"),
        ("any.wild", "AAAA", "NODATA"),
        ("*.wild", "A", "ANSWER"),
        ("a.wild", "A", "NODATA"),  # it exists, with nothing but a name below
        ("other.a.wild", "A", "NXDOMAIN"),  # its closest encloser has no wildcard
        # Delegations and what they occlude
        ("cut", "A", "REFERRAL"),
        ("cut", "NS", "REFERRAL"),
        ("ns.cut", "A", "REFERRAL"),
        ("any.cut", "A", "REFERRAL"),
        ("lower.cut", "NS", "REFERRAL"),
        ("any.lower.cut", "A", "REFERRAL"),
        ("cut", "DS", "NODATA"),
        ("ns.cut", "DS", "REFERRAL"),
        ("signed", "DS", "ANSWER"),
        ("signed", "A", "REFERRAL"),
        # Zones of ours under zones of ours
        ("child.far", "A", "NODATA"),
        ("child.far", "SOA", "ANSWER"),
        ("child.far", "DS", "ANSWER"),
        ("www.child.far", "A", "ANSWER"),
        ("beside.child.far", "A", "NXDOMAIN"),
        ("far", "A", "NODATA"),
        ("www.grand.child.far", "A", "ANSWER"),
        ("grand.child.far", "DS", "NODATA"),
        ("kid.undelegated", "SOA", "ANSWER"),
        ("any.undelegated", "A", "ANSWER"),
        ("any.kid.undelegated", "A", "NXDOMAIN"),
    ],
)
def test_what_exists_and_what_is_occluded(name: str, rtype: str, expected: str) -> None:
    assert outcome(CLIENT.ask(f"{name}.example.com.", rtype)) == expected


@pytest.mark.parametrize(
    ("name", "rtype", "zone"),
    [
        ("child.far", "A", "child.far.example.com."),
        ("beside.child.far", "A", "child.far.example.com."),
        ("grand.child.far", "DS", "child.far.example.com."),  # the parent's side of the cut denies
        ("cut", "DS", "example.com."),
        ("far", "A", "example.com."),
        ("kid.undelegated", "DS", "kid.undelegated.example.com."),
    ],
)
def test_the_zone_that_denies_is_the_one_that_knows(name: str, rtype: str, zone: str) -> None:
    reply = CLIENT.ask(f"{name}.example.com.", rtype)
    assert [str(rrset.name) for rrset in reply.authority] == [zone]
    assert reply.flags & 0x0400


def test_a_referral_brings_the_glue_it_has() -> None:
    reply = CLIENT.ask("any.cut.example.com.", "A")
    assert lines(reply.authority) == [
        "cut.example.com. NS ns.cut.example.com.",
        "cut.example.com. NS ns.other.cut.example.com.",
        "cut.example.com. NS ns.example.net.",
    ]
    assert lines(reply.additional) == ["ns.cut.example.com. A 192.0.2.4", "ns.other.cut.example.com. AAAA 2001:db8::4"]
    assert not reply.flags & 0x0400
    assert reply.answer == []


def test_the_highest_cut_refers() -> None:
    assert lines(CLIENT.ask("any.lower.cut.example.com.").authority)[0].startswith("cut.example.com. NS")


def test_an_alias_into_another_zone_of_ours_ends_there() -> None:
    reply = CLIENT.ask("alias.example.com.")
    assert (outcome(reply), lines(reply.answer)) == ("ANSWER", ["alias.example.com. CNAME www.child.far.example.com."])


def test_zones_do_not_mix() -> None:
    assert lines(CLIENT.ask("www.example.org.").answer) == ["www.example.org. A 198.51.100.4"]
    assert outcome(CLIENT.ask("cut.example.org.")) == "NXDOMAIN"


@pytest.mark.parametrize(
    "name", [".", "com.", "org.", "xample.com.", "example.net.", "www.example.net.", "example.comm."]
)
def test_outside_of_our_zones_we_refuse(name: str) -> None:
    reply = CLIENT.ask(name)
    assert outcome(reply) == "REFUSED"
    assert (reply.answer, reply.authority, bool(reply.flags & 0x0400)) == ([], [], False)


def test_the_order_in_which_zones_are_given_does_not_matter() -> None:
    turned = Client(table_of(ZONES[::-1]))
    for name in (
        "www.child.far.example.com.",
        "far.example.com.",
        "beside.child.far.example.com.",
        "alias.example.com.",
    ):
        assert turned.ask(name).answer == CLIENT.ask(name).answer
        assert turned.ask(name).rcode() == CLIENT.ask(name).rcode()


def test_the_root_can_be_served() -> None:
    root = Client(
        table_of(
            [
                zone(
                    rrset("@", "NS", "a.root.", origin=parse_name(".")),
                    rrset("com", "NS", "a.gtld.", origin=parse_name(".")),
                    rrset("*.wild", "A", "192.0.2.1", origin=parse_name(".")),
                    name=".",
                )
            ]
        )
    )
    assert outcome(root.ask("www.com.")) == "REFERRAL"
    assert outcome(root.ask("nothing.")) == "NXDOMAIN"
    assert str(root.ask("nothing.").authority[0].name) == "."
    assert lines(root.ask("a.wild.").answer) == ["a.wild. A 192.0.2.1"]
    assert lines(root.ask(".", "NS").answer) == [". NS a.root."]


def test_names_that_one_policy_answers_for_share_their_plan() -> None:
    steered = {f"n{number}": "global" for number in range(1000)}
    pools = [pool("eu", member("a", "192.0.2.1"))]
    table = table_of([zone(steered=steered, pools=pools, policies=[policy(rule("eu"))])])
    assert len(table.plans_octets) < 1000
    assert lines(Client(table).ask("n999.example.com.").answer) == ["n999.example.com. A 192.0.2.1"]


def test_steered_names_may_be_wildcards_and_lie_deep_or_at_the_apex() -> None:
    steered = {"@": "global", "*.any": "global", "a.b.c": "global"}
    served = zone(NS, steered=steered, pools=[pool("eu", member("a", "192.0.2.1"))], policies=[policy(rule("eu"))])
    client = Client(table_of([served]))
    for name in ("example.com.", "x.y.any.example.com.", "a.b.c.example.com."):
        assert lines(client.ask(name).answer) == [f"{name} A 192.0.2.1"]
    assert outcome(client.ask("b.c.example.com.")) == "NODATA"
    assert outcome(client.ask("a.b.c.example.com.", "AAAA")) == "NODATA"


def test_a_steered_name_at_or_below_a_cut_is_occluded() -> None:
    served = zone(
        NS,
        rrset("cut", "NS", "ns.example.net."),
        steered={"cut": "global", "x.cut": "global"},
        pools=[pool("eu", member("a", "192.0.2.1"))],
        policies=[policy(rule("eu"))],
    )
    client = Client(table_of([served]))
    assert outcome(client.ask("cut.example.com.")) == outcome(client.ask("x.cut.example.com.")) == "REFERRAL"


def test_records_beside_an_alias_do_not_take_its_place() -> None:
    """A signed zone has RRSIG and NSEC records beside a CNAME (RFC 4034 §3)."""
    served = zone(
        NS,
        rrset("alias", "NSEC", "www CNAME"),
        rrset("alias", "CNAME", "www"),
        rrset("www", "A", "192.0.2.1"),
    )
    reply = Client(table_of([served])).ask("alias.example.com.")
    assert lines(reply.answer) == ["alias.example.com. CNAME www.example.com.", "www.example.com. A 192.0.2.1"]


def test_names_with_equal_records_share_them() -> None:
    """What a name costs beside its own octets: a node, and its place in the index."""

    def size(count: int) -> int:
        rrsets = (rrset(f"n{number:04d}", "A", "192.0.2.1") for number in range(count))
        return len(table_of([zone(NS, *rrsets)]).names_octets)

    node, slots = 6 * 4, 2048 * 8  # of 1300 names as of 1000
    assert size(1300) - size(1000) == 300 * (node + len(parse_name("n0000.example.com.")))
    assert size(1000) < slots + 1000 * 64
    client = Client(table_of([zone(NS, *(rrset(name, "A", "192.0.2.1") for name in ("a", "b")))]))
    for name in ("a.example.com.", "b.example.com."):
        assert lines(client.ask(name).answer) == [f"{name} A 192.0.2.1"]


def test_equal_records_of_other_types_or_ttls_or_zones_are_not_mixed_up() -> None:
    other = parse_name("example.org.")
    zones = [
        zone(NS, rrset("a", "A", "192.0.2.1"), rrset("b", "A", "192.0.2.1", ttl=7), rrset("m", "MX", "1 a")),
        zone(*(rrset(name, "MX", "1 a", origin=other) for name in ("a", "m")), name="example.org."),
    ]
    client = Client(table_of(zones))
    assert [client.ask(f"{name}.example.com.").answer[0].ttl for name in "ab"] == [300, 7]
    assert lines(client.ask("m.example.com.", "MX").answer) == ["m.example.com. MX 1 a.example.com."]
    assert lines(client.ask("m.example.org.", "MX").answer) == ["m.example.org. MX 1 a.example.org."]


def test_progress_is_told_zone_by_zone() -> None:
    other = parse_name("example.org.")
    seen: list[tuple[int, int]] = []
    zones = [
        zone(NS),
        zone(rrset("a", "A", "192.0.2.1", origin=other), rrset("@", "NS", "a", origin=other), name="example.org."),
    ]
    apexes = [each.name for each in zones]
    compile_names(zones, dict.fromkeys(apexes, 1), {}, dict.fromkeys(apexes, 1), lambda *told: seen.append(told))
    assert seen == [(1, 3), (3, 3)]
