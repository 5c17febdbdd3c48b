"""Model values for tests, each with as few words as its test needs."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from geodns.geo.atlas import Atlas, Database
from geodns.geo.runs import Runs
from geodns.model.check import Check, Heard, Target
from geodns.model.name import Name, parse_name
from geodns.model.outside import Question, Resolved
from geodns.model.place import NOWHERE, Location, Place
from geodns.model.policy import (
    Condition,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Locate,
    Nearest,
    Ordered,
    Policy,
    Prefixes,
    Route,
    Rule,
)
from geodns.model.pool import ADDRESS_FAMILIES, Member, Part, Pool, PoolName, Quorum, Ramp, State
from geodns.model.schedule import Schedule
from geodns.model.source import Source
from geodns.model.verdict import MemberKey, Outlook, Override, Standing, Verdict
from geodns.model.zone import RRset, Soa, Zone

HERE = Source("zones/example.com.yaml", 1, 1)
ORIGIN = parse_name("example.com.")


class AnyProbe:
    """A probe that is never asked."""

    async def ask(self, address: object) -> Heard:
        raise AssertionError("this test probes nothing")


def check(interval: float = 10.0, rise: int = 2, fall: int = 3) -> Check:
    return Check(
        zone="example.com.",
        name="web",
        type="tcp",
        probe=AnyProbe(),
        interval=interval,
        rise=rise,
        fall=fall,
        source=HERE,
    )


def member(
    name: str,
    *addresses: str,
    weight: int = 1,
    state: State | None = None,
    ttl: int | None = None,
    group: str | None = None,
    maintenance: Iterable[Schedule] = (),
) -> Member:
    return Member(
        name=name,
        addresses=tuple(map(ip_address, addresses)),
        weight=weight,
        state=state,
        ttl=ttl,
        group=group,
        maintenance=tuple(maintenance),
        source=HERE,
    )


def alias(name: str, target: str, weight: int = 1, state: State | None = None, ttl: int | None = None) -> Member:
    """A member with a CNAME instead of addresses."""
    return Member(name=name, target=parse_name(target), weight=weight, state=state, ttl=ttl, source=HERE)


def outside(name: str, target: str, weight: int = 1, ttl: int | None = None) -> Member:
    """A member that has the addresses of a name elsewhere."""
    return Member(name=name, outside=parse_name(target), weight=weight, ttl=ttl, source=HERE)


def resolved(found: Mapping[str, tuple[str, ...]], ttl: int = 60) -> Outlook:
    """All is up. By name, the addresses that it has; a name or, with its type, a question that is missing is not known.

    `{"lb.example.net.": ("192.0.2.1",)}` knows of both families, `{"lb.example.net. A": ...}` of one.
    """
    known: dict[Question, Resolved] = {}
    for key, texts in found.items():
        name, _, rtype = key.partition(" ")
        for family in ADDRESS_FAMILIES:
            if rtype in ("", family.rtype):
                addresses = tuple(each for each in map(ip_address, texts) if each.version == family.version)
                known[parse_name(name), family] = Resolved(addresses, ttl)
    return Outlook({}, {}, resolved=known)


def pool(
    name: str,
    *members: Member,
    check: Check | None = None,
    at: tuple[float, float] | None = None,
    min_healthy: Quorum = Quorum(1),  # noqa: B008
    select: str | None = None,
    when: Iterable[Schedule] = (),
    maintenance: Iterable[Schedule] = (),
    slow_start: float = 0.0,
    hold_down: float = 0.0,
) -> Pool:
    location = Location(lat=at[0], lon=at[1]) if at else None
    return Pool(
        name=PoolName(name),
        members=members,
        check=check,
        location=location,
        min_healthy=min_healthy,
        select=select,
        when=tuple(when),
        maintenance=tuple(maintenance),
        slow_start=slow_start,
        hold_down=hold_down,
        source=HERE,
    )


def route(*pools: str, fence: bool = False) -> Route:
    return Route(tuple(map(PoolName, pools)), fence)


def rule(
    *pools: str,
    network: Iterable[str] = (),
    continent: Iterable[str] = (),
    country: Iterable[str] = (),
    subdivision: Iterable[str] = (),
    also: Iterable[Condition] = (),
    nearest: bool = False,
    fence: bool = False,
    line: int = 1,
) -> Rule:
    conditions: list[tuple[Condition, object]] = [
        (InNetwork(frozenset(map(ip_network, network))), network),
        (InContinent(frozenset(continent)), continent),
        (InCountry(frozenset(country)), country),
        (InSubdivision(frozenset(subdivision)), subdivision),
    ]
    names = tuple(map(PoolName, pools))
    return Rule(
        conditions=(*(condition for condition, wanted in conditions if wanted), *also),
        pools=Nearest(names) if nearest else Ordered(names),
        fence=fence,
        source=Source("zones/example.com.yaml", line, 7),
    )


def policy(
    *rules: Rule,
    name: str = "global",
    select: str = "round_robin",
    answers: int = 1,
    ttl: int = 30,
    fallback: str | None = None,
    sticky: Prefixes | None = None,
    locate: Locate = Locate.EITHER,
) -> Policy:
    return Policy(
        name=name,
        rules=rules,
        select=select,
        answers=answers,
        sticky=sticky,
        ttl=ttl,
        fallback=PoolName(fallback) if fallback else None,
        locate=locate,
        source=HERE,
    )


def of_pools(name: str, *parts: tuple[Pool, int | Ramp]) -> Pool:
    """A pool that is made of these, each with its weight, or a ramp in its stead."""
    made = (Part(each, weight) if isinstance(weight, int) else Part(each, 0, weight) for each, weight in parts)
    return Pool(name=PoolName(name), parts=tuple(made), source=HERE)


def rrset(owner: str, rtype: str, *texts: str, ttl: int = 300, origin: Name = ORIGIN) -> RRset:
    """Records as a master file writes them, relative to the origin."""
    kind = dns.rdatatype.from_text(rtype)
    base = dns.name.from_wire(origin, 0)[0]
    rdatas = [dns.rdata.from_text(dns.rdataclass.IN, kind, text, origin=base, relativize=False) for text in texts]
    return RRset(
        parse_name(owner, origin), int(kind), ttl, tuple(rdata.to_wire(origin=base) or b"" for rdata in rdatas)
    )


def zone(
    *rrsets: RRset,
    name: str = "example.com.",
    steered: Mapping[str, str] | None = None,
    pools: Iterable[Pool] = (),
    policies: Iterable[Policy] = (),
    ttl: int = 300,
    negative_ttl: int = 60,
) -> Zone:
    origin = parse_name(name)
    return Zone(
        name=origin,
        soa=Soa(
            primary=parse_name("ns1", origin),
            contact=parse_name("hostmaster", origin),
            ttl=ttl,
            negative_ttl=negative_ttl,
        ),
        rrsets=rrsets or (rrset("@", "NS", "ns1", "ns2", origin=origin),),
        steered={parse_name(owner, origin): named for owner, named in (steered or {}).items()},
        pools={each.name: each for each in pools},
        policies={each.name: each for each in policies},
        source=HERE,
    )


def place(text: str, at: tuple[float, float] | None = None) -> Place:
    """`EU/DE` or `NA/US/US-CA`."""
    continent, country, subdivision = (*text.split("/"), None, None)[:3]
    location = Location(lat=at[0], lon=at[1]) if at else None
    return Place(continent=continent, country=country, subdivision=subdivision, location=location)


def atlas(prefixes: Mapping[str, Place] | None = None) -> Atlas:
    """Disjoint prefixes and their places; everywhere else is NOWHERE."""
    places = [NOWHERE, *(prefixes or {}).values()]
    runs: dict[int, dict[int, int]] = {4: {0: 0}, 6: {0: 0}}
    for number, prefix in enumerate(prefixes or {}, start=1):
        network = ip_network(prefix)
        starts = runs[network.version]
        starts[int(network.network_address)] = number
        after = int(network.broadcast_address) + 1
        if after < 1 << network.max_prefixlen:
            starts.setdefault(after, 0)
    v4, v6 = (Runs(sorted(starts), [starts[start] for start in sorted(starts)]) for starts in runs.values())
    digest = str(sorted((prefixes or {}).items(), key=str))
    return Atlas(
        name="test",
        built=0,
        digest=digest,
        places=tuple(places),
        v4=v4,
        v6=v6,
        databases=(Database(name="test", built=0, digest="abc"),),
    )


def outlook(
    *down: Target | tuple[Check, str],
    overrides: Mapping[tuple[str, str], State] | None = None,
    flip_in: float = 1e9,
) -> Outlook:
    """Everything is up but for the targets named; `overrides` by pool and member of example.com."""
    targets = [each if isinstance(each, Target) else Target(each[0], ip_address(each[1])) for each in down]
    said = {
        MemberKey(ORIGIN, PoolName(pool), member): Override(state=state, reason="test", author="test", set_at=0.0)
        for (pool, member), state in (overrides or {}).items()
    }
    return Outlook({target: Standing(Verdict.DOWN, flip_in) for target in targets}, said)
