"""A zone with all that explain tells of, and short ways to ask it."""

from ipaddress import ip_address

from geodns.control.edition import Edition
from geodns.control.explain import Explanation, explain
from geodns.control.steering import Steering
from geodns.control.supposing import Supposition
from geodns.model.pool import State
from geodns.model.verdict import CLEAR, Outlook
from tests.control import samples
from tests.values import atlas, check, member, outlook, place, policy, pool, rrset, rule, zone

WEB = check()
ATLAS = atlas({"9.9.9.0/24": place("EU/DE"), "8.8.0.0/16": place("NA/US"), "2003::/24": place("EU/DE")})
ZONE = zone(
    rrset("@", "NS", "ns1"),
    rrset("ns1", "A", "192.0.2.53"),
    rrset("shop", "CNAME", "chain"),
    rrset("chain", "CNAME", "www"),
    rrset("out", "CNAME", "www.example.net."),
    rrset("child", "NS", "ns.child"),
    rrset("moved", "DNAME", "example.net."),
    rrset("renamed", "DNAME", "@"),
    steered={"www": "global", "*.apps": "global", "one": "one", "open": "open", "kept": "kept"},
    pools=[
        pool(
            "eu",
            member("fra1", "192.0.2.10", "2001:db8:1::10", weight=3),
            member("fra2", "192.0.2.11"),
            member("fra3", "192.0.2.12", weight=0),
            check=WEB,
        ),
        pool(
            "us", member("iad1", "198.51.100.10", "2001:db8:2::10"), member("iad2", "198.51.100.11", state=State.DRAIN)
        ),
        pool("v4", member("old", "192.0.2.21")),
    ],
    policies=[
        policy(
            rule("us", network=["10.1.0.0/16", "203.0.113.0/24"], line=21),
            rule("eu", "us", country=["DE"], line=22),
            rule(country=["KP"], line=23),
            rule("v4", "us", country=["US"], line=24),
            rule("us", "eu", line=25),
            select="weighted",
        ),
        policy(rule("us", line=31), name="one", ttl=60),
        policy(rule(network=["203.0.113.0/24"], line=51), rule("eu", line=52), name="kept", select="sticky"),
        policy(rule("eu", country=["DE"], fence=True, line=41), rule("us", line=42), name="open"),
    ],
)
EDITION = samples.edition(ZONE, atlas=ATLAS)
EU_DOWN = outlook(*((WEB, address) for address in ("192.0.2.10", "192.0.2.11", "192.0.2.12", "2001:db8:1::10")))


def explained(name: str, rtype: str = "A", client: str = "9.9.9.9", edition: Edition = EDITION) -> Explanation:
    return explain(edition, f"{name}.example.com", rtype, ip_address(client), 7)


def steering(name: str, rtype: str = "A", client: str = "9.9.9.9", said: Outlook = CLEAR) -> Steering:
    edition = samples.edition(ZONE, atlas=ATLAS, outlook=said) if said is not CLEAR else EDITION
    found = explained(name, rtype, client, edition).steering
    assert found is not None
    return found


def shares(found: Steering) -> dict[str, float]:
    """Of the pools that were looked at."""
    return {each.member: round(each.share, 3) for each in found.members if each.pool not in dict(found.not_reached)}


def supposed(*down: str, client: str = "9.9.9.9", edition: Edition = EDITION) -> Explanation:
    return explain(edition, "www.example.com", "A", ip_address(client), 7, Supposition(down=frozenset(down)))
