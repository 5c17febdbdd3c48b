"""What an answer costs in this process: µs of CPU per query, and what it takes to compile the table that it comes from.

    python -m bench.answer

CPU time, not wall time, since machines are shared; each figure is the best of three rounds. Each query is a call from
Python, which is most of what a compiled answer takes; `python -m bench` measures workers, which have no such call.
"""

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import IPv4Address
from random import Random
from struct import pack
from time import process_time
from typing import TypeVar

from geodns.answer.conduct import Conduct
from geodns.answer.limits import SECRET, fresh_memory, limiter_for
from geodns.answer.memory import private_memory
from geodns.answer.query import Query
from geodns.answer.reply import answer
from geodns.answer.speed import SPEED
from geodns.answer.terms import COOKIES_ON, UDP
from geodns.geo.embedded import embedded
from geodns.model.name import Name, parse_name
from geodns.model.place import Location
from geodns.model.policy import InContinent, Nearest, Ordered, Policy, Rule
from geodns.model.pool import Member, Pool, PoolName
from geodns.model.rate_limit import RateLimit
from geodns.model.source import Source
from geodns.model.verdict import CLEAR
from geodns.model.zone import RRset, Soa, Zone
from geodns.table.compile import compile_plans, names_part, plans_part
from geodns.table.image import Table, open_table
from geodns.table.lands import Lands, draw_lands, territories_part
from geodns.table.layout import KIND_NAMES
from geodns.table.part import open_part
from geodns.table.slots import Ledgers

QUERIES = 65_536
STATIC_NAMES = 10_000
ROUNDS = 3
LIMIT_ROUNDS = 20  # what rate limiting adds is less than most machines' noise

HERE = Source("bench")
ORIGIN = parse_name("example.com.")
A = 1
RESOLVER = memoryview(IPv4Address("192.0.2.53").packed)

T = TypeVar("T")


def timed(make: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds, and what was made."""
    began = process_time()
    made = make()
    return process_time() - began, made


# ── the zone ──────────────────────────────────────────────────────────────────────────────────────────────────────


def zone(static_names: int) -> Zone:
    """A steered name for each policy, and static names of one address each."""
    rdatas = ((parse_name(f"host{n}", ORIGIN), pack("!I", 0x0A000000 + n)) for n in range(static_names))
    return Zone(
        name=ORIGIN,
        soa=Soa(primary=parse_name("ns1", ORIGIN), contact=parse_name("hostmaster", ORIGIN), ttl=300),
        rrsets=(
            RRset(ORIGIN, 2, 300, (parse_name("ns1", ORIGIN),)),
            *(RRset(owner, A, 300, (rdata,)) for owner, rdata in rdatas),
        ),
        steered={parse_name(name, ORIGIN): name for name in ("geo", "weighted")},
        pools={each.name: each for each in POOLS},
        policies={each.name: each for each in POLICIES},
        source=HERE,
    )


def pool(name: str, number: int, lat: float, lon: float) -> Pool:
    members = tuple(
        Member(name=f"m{n}", addresses=(IPv4Address(f"198.51.{number}.{n}"),), weight=n, source=HERE)
        for n in range(1, 9)
    )
    return Pool(name=PoolName(name), members=members, location=Location(lat=lat, lon=lon), source=HERE)


POOLS = (pool("eu", 1, 50.11, 8.68), pool("us", 2, 39.04, -77.49), pool("ap", 3, 35.68, 139.69))
EU, NEAREST = Ordered((PoolName("eu"),)), Nearest(tuple(each.name for each in POOLS))
POLICIES = (
    Policy(
        name="geo",
        rules=(
            Rule(conditions=(InContinent(frozenset({"EU"})),), pools=EU, source=HERE),
            Rule(pools=NEAREST, source=HERE),
        ),
        ttl=30,
        source=HERE,
    ),
    Policy(name="weighted", rules=(Rule(pools=EU, source=HERE),), select="weighted", ttl=30, source=HERE),
)


def table_of(served: Zone, lands: Lands) -> Table:
    zones, ledgers = (served,), Ledgers.empty().for_zones((served,))
    return open_table(
        {
            "names": names_of(served),
            "territories": territories_part(lands),
            "plans": plans_part(compile_plans(zones, lands, CLEAR, ledgers.member_slots(zones))),
        }
    )


def names_of(served: Zone) -> bytes:
    slots = Ledgers.empty().for_zones((served,)).zone_slots((served,))
    return names_part((served,), {served.name: 1}, slots)


# ── the queries ───────────────────────────────────────────────────────────────────────────────────────────────────


def query(owner: Name, subnet: int | None = None, cookie: bytes = b"") -> memoryview:
    """A question for an IPv4 address, with EDNS, and a /24 as client subnet."""
    option = b"" if subnet is None else pack("!HHHBB", 8, 7, 1, 24, 0) + pack("!I", subnet)[:3]
    option += pack("!HH", 10, len(cookie)) + cookie if cookie else b""
    opt = b"\0" + pack("!HHIH", 41, 1232, 0, len(option)) + option
    return memoryview(pack("!6H", 7, 0, 1, 0, 0, 1) + owner + pack("!2H", A, 1) + opt)


def workloads(dice: Random) -> dict[str, Sequence[memoryview]]:
    def of(text: str) -> Name:
        return parse_name(text, ORIGIN)

    return {
        f"geo name, ECS, {QUERIES:,} subnets": [query(of("geo"), dice.getrandbits(24) << 8) for _ in range(QUERIES)],
        "weighted name, 8 members": [query(of("weighted"))] * QUERIES,
        f"static name among {STATIC_NAMES:,}": [
            query(of(f"host{dice.randrange(STATIC_NAMES)}")) for _ in range(QUERIES)
        ],
        "the same, with a client cookie": [
            query(of(f"host{dice.randrange(STATIC_NAMES)}"), cookie=b"resolver") for _ in range(QUERIES)
        ],
        "the same, with a bad server cookie": [
            query(of(f"host{dice.randrange(STATIC_NAMES)}"), cookie=bytes((*b"resolver", 1, *bytes(15))))
            for _ in range(QUERIES)
        ],
        "NXDOMAIN, random names": [query(of(f"{dice.getrandbits(64):x}")) for _ in range(QUERIES)],
    }


def cost(table: Table, packets: Sequence[memoryview]) -> float:
    """µs of CPU a query: the best round."""
    scratch, reply = Query(), memoryview(bytearray(65535))
    memory = private_memory(Conduct(cookies=COOKIES_ON))

    def ask_all() -> None:
        for packet in packets:
            scratch.take(packet, len(packet), RESOLVER, UDP, reply)
            answer(table, scratch, memory)

    return min(timed(ask_all)[0] for _ in range(ROUNDS)) / len(packets) * 1e6


def cost_among_clients(table: Table, packets: Sequence[memoryview], limit: RateLimit | None) -> float:
    """As many clients as queries, each of another network, in batches of a millisecond; with and without a limit."""
    limiter = None if limit is None else limiter_for(limit, fresh_memory(limit, bytes(range(SECRET))))
    scratch, memory, reply = Query(), private_memory(limiter=limiter), memoryview(bytearray(65535))
    dice = Random(2)
    clients = [memoryview(dice.randbytes(4)) for _ in packets]
    batches = [list(zip(packets[at : at + 64], clients[at : at + 64], strict=True)) for at in range(0, QUERIES, 64)]

    def ask_all() -> None:
        for batch in batches:
            memory.now += 1
            for packet, client in batch:
                scratch.take(packet, len(packet), client, UDP, reply)
                answer(table, scratch, memory)

    return min(timed(ask_all)[0] for _ in range(LIMIT_ROUNDS)) / len(packets) * 1e6


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    print(f"answers are {SPEED} here")
    reading, atlas = timed(embedded)
    drawing, lands = timed(lambda: draw_lands((zone(0),), atlas))
    print(f"{'embedded database: read':<45}{reading:>9.2f} s")
    print(f"{'embedded database: two territories':<45}{drawing:>9.2f} s")
    for count in (10_000, 100_000):
        served = zone(count)
        compiling, part = timed(partial(names_of, served))
        opening, _ = timed(partial(open_part, memoryview(part), KIND_NAMES))
        print(f"{f'{count:,} static names: compile':<45}{compiling:>9.2f} s  {len(part):>12,} octets")
        print(f"{f'{count:,} static names: verify and open':<45}{opening * 1000:>9.2f} ms")
    table = table_of(zone(STATIC_NAMES), lands)
    print(f"{'part of territories':<45}{'':>11}  {len(table.territories) * 4:>12,} octets")
    print(f"{'part of plans':<45}{'':>11}  {len(table.plans_octets):>12,} octets")
    for name, packets in workloads(Random(1)).items():
        print(f"{name:<45}{cost(table, packets):>9.2f} µs")
    static = workloads(Random(1))[f"static name among {STATIC_NAMES:,}"]
    for name, limit in {"no rate limit": None, "a rate limit": RateLimit()}.items():
        print(f"{f'as many clients as queries, {name}':<45}{cost_among_clients(table, static, limit) * 1000:>9.0f} ns")


if __name__ == "__main__":
    main()
