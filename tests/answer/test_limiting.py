"""Response rate limiting over the pure core: time is a value."""

from collections import Counter
from ipaddress import ip_address, ip_network
from random import Random
from typing import Any

import dns.flags
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer import cells
from geodns.answer.terms import DROP, HTTPS, MINE, TCP, TLS, UDP
from geodns.model.rate_limit import RateLimit
from geodns.table.image import Table
from tests import speeds
from tests.answer.packets import opt, query, question, read
from tests.values import rrset, zone
from tests.world import Client, table_of

SECRET = bytes(Random(53).randbytes(128))
NOW = 1_795_000_000_000  # ms since 1970
VICTIM = "192.0.2.7"
ZONE = zone(
    rrset("@", "NS", "ns1", "ns2"),
    *(rrset(name, "A", "192.0.2.1") for name in ("www", "mail", "*.wild", *(f"n{number}" for number in range(20)))),
    *(rrset(name, "NS", "ns.example.net.") for name in ("child", "other")),
    rrset("large", "TXT", *(f'"{"x" * 250}{number}"' for number in range(8))),
)


@pytest.fixture(scope="module")
def table() -> Table:
    return table_of([ZONE])


class Crowd:
    """Clients of one server with a rate limit. Time stands still until it is told to go on."""

    def __init__(self, table: Table, **limit: Any) -> None:
        limits = speeds.running.the("answer.limits")
        self.limit = RateLimit(**{"slip": 0, "size": 4096, **limit})
        shared = limits.fresh_memory(self.limit, SECRET)
        self.server = Client(table, limiter=limits.limiter_for(self.limit, shared))
        self.words = shared.cast("Q")
        self.server.memory.now = NOW

    def ask(self, client: str = VICTIM, name: str = "www.example.com.", rtype: int = 1, transport: int = UDP) -> str:
        """What came of it: dropped, cut, or the code."""
        octets = self.server.send(query(asked=question(name, rtype)), client, transport)
        if octets == DROP:
            return "dropped"
        reply = read(octets)
        return "cut" if reply.flags & dns.flags.TC else dns.rcode.to_text(reply.rcode())

    def wait(self, milliseconds: int) -> None:
        self.server.memory.now += milliseconds

    def flood(self, per_second: int, seconds: int, client: str = VICTIM, **asked: Any) -> Counter[str]:
        """Evenly, in steps of ten milliseconds."""
        fates: Counter[str] = Counter()
        for _ in range(seconds * 100):
            self.wait(10)
            fates.update(self.ask(client, **asked) for _ in range(per_second // 100))
        return fates

    def counted(self) -> dict[tuple[int, int], int]:
        """By kind and fate."""
        places = ((kind, fate) for kind in range(cells.KIND_COUNT) for fate in range(cells.FATE_COUNT))
        counts = self.server.memory.counts
        found = {place: counts[cells.LIMITED + place[0] * cells.FATE_COUNT + place[1]] for place in places}
        return {place: count for place, count in found.items() if count}


# ── how many ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rate", [1, 7, 50, 200, 333])
def test_a_flood_is_held_to_the_rate(table: Table, rate: int) -> None:
    """After the second's worth that an account has room for."""
    crowd = Crowd(table, responses=rate, total=10_000)
    crowd.flood(2000, 2)
    sent = crowd.flood(2000, 10)["NOERROR"]
    assert sent == pytest.approx(10 * rate, rel=0.1, abs=1)


def test_a_burst_has_a_seconds_worth_and_time_gives_it_back(table: Table) -> None:
    crowd = Crowd(table, responses=20)
    assert [crowd.ask() for _ in range(25)] == ["NOERROR"] * 20 + ["dropped"] * 5
    crowd.wait(100)
    assert [crowd.ask() for _ in range(3)] == ["NOERROR"] * 2 + ["dropped"]
    crowd.wait(5000)
    assert [crowd.ask() for _ in range(21)] == ["NOERROR"] * 20 + ["dropped"]


def test_who_stays_below_the_rate_is_never_limited(table: Table) -> None:
    assert Crowd(table, responses=100).flood(100, 20) == {"NOERROR": 2000}


def test_neighbours_of_a_flooded_prefix_get_all_of_their_answers(table: Table) -> None:
    crowd = Crowd(table, responses=100)
    fates: Counter[str] = Counter()
    for _ in range(300):
        crowd.flood(20_000, 1, VICTIM) if _ % 100 == 0 else crowd.wait(10)
        fates.update(crowd.ask(client) for client in ("192.0.1.7", "192.0.3.7", "193.0.2.7", "2001:db8::7"))
    assert fates == {"NOERROR": 1200}


SAME = [
    ("192.0.2.1", "192.0.2.254", True),
    ("192.0.2.1", "192.0.3.1", False),
    ("192.0.2.1", "::ffff:192.0.2.9", True),  # IPv4 as a socket of IPv6 has it
    ("::ffff:192.0.2.1", "::ffff:192.0.3.1", False),
    ("2001:db8:0:100::1", "2001:db8:0:1ff:ffff::1", True),
    ("2001:db8:0:100::1", "2001:db8:0:200::1", False),
    ("2001:db8::1", "2001:db9::1", False),
    ("::1", "0.0.0.1", False),
]


@pytest.mark.parametrize(("one", "other", "same"), SAME)
def test_clients_of_one_prefix_share_an_account(table: Table, one: str, other: str, same: bool) -> None:
    crowd = Crowd(table, responses=3)
    assert [crowd.ask(one) for _ in range(4)][-1] == "dropped"
    assert (crowd.ask(other) == "dropped") is same


PREFIXES = [
    ({"ipv4_prefix": 32}, "192.0.2.1", "192.0.2.2"),
    ({"ipv4_prefix": 31}, "192.0.2.1", "192.0.2.2"),
    ({"ipv4_prefix": 8}, "192.0.2.1", "191.0.2.1"),
    ({"ipv6_prefix": 128}, "2001:db8::1", "2001:db8::2"),
    ({"ipv6_prefix": 64}, "2001:db8::1", "2001:db8:0:1::1"),
    ({"ipv6_prefix": 32}, "2001:db8::1", "2001:db9::1"),
    ({"ipv6_prefix": 1}, "2001:db8::1", "8001:db8::1"),
]


@pytest.mark.parametrize(("limit", "one", "other"), PREFIXES)
def test_prefixes_are_as_long_as_they_are_said_to_be(table: Table, limit: dict[str, int], one: str, other: str) -> None:
    (bits,) = limit.values()
    crowd = Crowd(table, responses=3, **limit)
    within = ip_network(f"{one}/{bits}", strict=False)
    assert [crowd.ask(one) for _ in range(4)][-1] == "dropped"
    assert crowd.ask(str(within[0])) == crowd.ask(str(within[-1])) == "dropped"
    assert crowd.ask(other) == "NOERROR"


# ── of what ───────────────────────────────────────────────────────────────────────────────────────────────────────

KINDS = [  # what is flooded, what is asked beside it, whether both are of one kind
    ("www.example.com.", "www.example.com.", True),
    ("www.example.com.", "WWW.example.COM.", True),
    ("www.example.com.", "mail.example.com.", False),
    ("one.wild.example.com.", "two.wild.example.com.", True),  # all names of a wildcard are one
    ("one.wild.example.com.", "www.example.com.", False),
    ("no1.example.com.", "no2.example.com.", True),  # all missing names of a zone are one
    ("no1.example.com.", "www.example.com.", False),
    ("a.child.example.com.", "b.child.example.com.", True),  # all names below a delegation are one
    ("a.child.example.com.", "a.other.example.com.", False),
    ("example.net.", "example.org.", True),  # all errors are one
    ("example.net.", "www.example.com.", False),
]


@pytest.mark.parametrize(("flooded", "beside", "same"), KINDS)
def test_replies_of_one_kind_share_an_account(table: Table, flooded: str, beside: str, same: bool) -> None:
    crowd = Crowd(table, responses=5)
    assert [crowd.ask(name=flooded) for _ in range(6)][-1] == "dropped"
    assert (crowd.ask(name=beside) == "dropped") is same


def test_another_type_is_no_way_round(table: Table) -> None:
    crowd = Crowd(table, responses=5)
    fates = [crowd.ask(rtype=rtype) for rtype in (1, 28, 16, 15, 255, 65, 1)]
    assert fates == ["NOERROR"] * 5 + ["dropped"] * 2


def test_many_names_are_no_way_round_the_total(table: Table) -> None:
    crowd = Crowd(table, responses=50, total=200)
    fates: Counter[str] = Counter()
    for _ in range(1000):
        crowd.wait(10)
        fates.update(crowd.ask(name=f"n{number}.example.com.") for number in range(20))
    assert fates["NOERROR"] == pytest.approx(2000 + 200, rel=0.1)  # ten seconds, and the one that there was room for
    assert cells.TOTAL in {kind for kind, _ in crowd.counted()}


def test_a_random_subdomain_flood_leaves_the_names_that_there_are(table: Table) -> None:
    """A resolver that is made to ask for names that are missing still gets what others ask of it."""
    crowd, dice = Crowd(table, responses=100), Random(1)
    fates: Counter[str] = Counter()
    for _ in range(500):
        crowd.wait(10)
        fates.update(crowd.ask(name=f"{dice.getrandbits(64):x}.example.com.") for _ in range(20))
        fates[f"www {crowd.ask()}"] += 1
    assert fates["www NOERROR"] == 500
    assert fates["NXDOMAIN"] == pytest.approx(600, rel=0.1)  # five seconds, and the one that there was room for


BROKEN = [  # packets that get an error
    query(asked=question("www.example.com."))[:-1],
    query(opt(version=1)),
    query(opt(), opt()),
]


@pytest.mark.parametrize("packet", BROKEN, ids=["short", "version 1", "two OPT records"])
def test_errors_are_limited_too(table: Table, packet: bytes) -> None:
    crowd = Crowd(table, responses=5)
    replies = [crowd.server.send(packet, VICTIM) for _ in range(8)]
    assert [reply == DROP for reply in replies] == [False] * 5 + [True] * 3


# ── what becomes of it ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slip", range(1, 11))
def test_each_slipth_reply_is_cut(table: Table, slip: int) -> None:
    crowd = Crowd(table, responses=10, slip=slip)
    fates = [crowd.ask() for _ in range(10 + 12 * slip)]
    assert fates[:10] == ["NOERROR"] * 10
    assert fates[10:] == (["dropped"] * (slip - 1) + ["cut"]) * 12


def test_two_floods_that_alternate_slip_alike(table: Table) -> None:
    crowd = Crowd(table, responses=1, slip=2)
    crowd.ask(VICTIM), crowd.ask("198.51.100.1")
    fates = [(crowd.ask(VICTIM), crowd.ask("198.51.100.1")) for _ in range(10)]
    assert fates == [("dropped", "dropped"), ("cut", "cut")] * 5


def test_without_slip_all_are_dropped(table: Table) -> None:
    crowd = Crowd(table, responses=1, slip=0)
    assert [crowd.ask() for _ in range(50)] == ["NOERROR"] + ["dropped"] * 49


@pytest.mark.parametrize("name", ["www.example.com.", "no.example.com.", "a.child.example.com."])
def test_a_cut_reply_is_the_question_and_says_so(table: Table, name: str) -> None:
    crowd = Crowd(table, responses=1, slip=1)
    packet = query(opt(), asked=question(name))
    crowd.server.send(packet, VICTIM)
    octets = crowd.server.send(packet, VICTIM)
    assert isinstance(octets, bytes)
    assert len(octets) == len(packet)  # nothing is amplified
    reply = read(octets)
    assert reply.flags & dns.flags.TC
    assert (reply.answer, reply.authority, reply.additional) == ([], [], [])
    assert crowd.counted()
    assert crowd.server.memory.counts[cells.TRUNCATED] == 1


def test_an_error_slips_as_it_is(table: Table) -> None:
    """There is nothing to cut off, and over TCP it would be the same."""
    crowd = Crowd(table, responses=1, slip=2)
    assert [crowd.ask(name="example.net.") for _ in range(4)] == ["REFUSED", "dropped", "REFUSED", "dropped"]


def test_what_is_cut_for_its_size_counts_too(table: Table) -> None:
    crowd = Crowd(table, responses=3, slip=0)
    assert [crowd.ask(name="large.example.com.", rtype=16) for _ in range(5)] == ["cut"] * 3 + ["dropped"] * 2


@pytest.mark.parametrize("transport", [TCP, TLS, HTTPS])
def test_only_udp_is_limited(table: Table, transport: int) -> None:
    crowd = Crowd(table, responses=1, slip=1)
    crowd.ask(), crowd.ask()
    assert [crowd.ask(transport=transport) for _ in range(100)] == ["NOERROR"] * 100


def test_a_dry_run_counts_and_limits_nothing(table: Table) -> None:
    dry, real = Crowd(table, responses=50, dry_run=True), Crowd(table, responses=50)
    assert dry.flood(500, 5) == {"NOERROR": 2500}
    real.flood(500, 5)
    assert dry.counted() == {
        (kind, cells.SPARED): count for (kind, _), count in real.counted().items()
    }  # what a real one would have dropped


def test_fates_are_counted_by_kind(table: Table) -> None:
    crowd = Crowd(table, responses=1, slip=2)
    for name in ("www.example.com.", "no.example.com.", "example.net."):
        for _ in range(4):
            crowd.ask(name=name)
    kinds = (cells.NAMES, cells.MISSING, cells.ERRORS)
    assert crowd.counted() == {
        (kind, fate): count for kind in kinds for fate, count in ((cells.DROPPED_REPLY, 2), (cells.SLIPPED, 1))
    }


# ── who is exempt ─────────────────────────────────────────────────────────────────────────────────────────────────

EXEMPT = tuple(map(ip_network, ("192.0.2.0/25", "198.51.100.7", "198.51.100.8/30", "2001:db8::/48", "2001:db8:1::1")))
CLIENTS = [
    ("192.0.2.0", True),
    ("192.0.2.127", True),
    ("192.0.2.128", False),
    ("::ffff:192.0.2.1", True),
    ("198.51.100.6", False),
    ("198.51.100.7", True),
    ("198.51.100.11", True),
    ("198.51.100.12", False),
    ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", False),
    ("2001:db8::", True),
    ("2001:db8:0:ffff:ffff:ffff:ffff:ffff", True),
    ("2001:db8:1::", False),
    ("2001:db8:1::1", True),
    ("2001:db8:1::2", False),
    ("::", False),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", False),
]


@pytest.mark.parametrize(("client", "exempt"), CLIENTS)
def test_listed_networks_are_not_limited(table: Table, client: str, exempt: bool) -> None:
    crowd = Crowd(table, responses=5, exempt=EXEMPT)
    fates = Counter(crowd.ask(client) for _ in range(20))
    assert fates == ({"NOERROR": 20} if exempt else {"NOERROR": 5, "dropped": 15})
    assert bool(crowd.counted()) is not exempt


def test_who_has_a_cookie_of_ours_is_not_limited_nor_charged(table: Table) -> None:
    """Its address is its own. The field is set between the halves here, as reading the OPT record does."""
    crowd = Crowd(table, responses=3)
    reply, scratch = speeds.running.the("answer.reply"), speeds.running.the("answer.query").Query()
    packet, room = memoryview(query(asked=question())), memoryview(bytearray(512))
    for _ in range(50):
        scratch.take(packet, len(packet), memoryview(ip_address(VICTIM).packed), UDP, room)
        assert reply.read(scratch, crowd.server.memory) == MINE
        assert scratch.cookie == 0
        scratch.cookie = 1
        assert reply.write(crowd.server.table, scratch, crowd.server.memory) > 0
    assert [crowd.ask() for _ in range(4)] == ["NOERROR"] * 3 + ["dropped"]


@given(st.lists(st.ip_addresses(), max_size=8), st.ip_addresses(), st.data())
def test_exempt_is_who_python_finds_in_the_list(table: Table, listed: list[Any], client: Any, data: Any) -> None:
    networks = tuple(
        ip_network((int(each), data.draw(st.integers(0, each.max_prefixlen))), strict=False)
        if each.version == 4
        else ip_network((int(each), data.draw(st.integers(97, 128))), strict=False)
        for each in listed
    )
    crowd = Crowd(table, responses=1, exempt=networks)
    crowd.ask(str(client))
    # An IPv4 address and what IPv6 maps it to are one, in the list as well.
    other = ip_address(f"::ffff:{client}") if client.version == 4 else client.ipv4_mapped or client
    assert (crowd.ask(str(client)) == "NOERROR") is any(other in each or client in each for each in networks)


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_many_prefixes_with_little_are_not_limited_for_each_other(table: Table) -> None:
    """Each asks once a second, and what is lost by accounts that meet is at most one in ten thousand."""
    count = 100_000 if speeds.running.name == "compiled" else 10_000
    crowd, dice = Crowd(table, responses=5, size=count), Random(3)
    clients = [str(ip_address(dice.getrandbits(32))) for _ in range(count)]
    packet = query(asked=question())
    lost = 0
    for _ in range(4):
        for number, client in enumerate(clients):
            lost += crowd.server.send(packet, client) == DROP
            if number % (count // 100) == 0:
                crowd.wait(10)
    assert lost <= count * 4 // 10_000


def test_a_flood_stays_limited_among_forged_sources(table: Table) -> None:
    """New accounts do not push out the one that is used up."""
    crowd, dice = Crowd(table, responses=50, size=1024), Random(4)
    fates: Counter[str] = Counter()
    crowd.flood(1000, 1)
    for _ in range(300):
        crowd.wait(10)
        for _ in range(100):
            crowd.ask(str(ip_address(dice.getrandbits(32))))
        fates.update(crowd.ask() for _ in range(10))
    assert fates["NOERROR"] == pytest.approx(150, rel=0.1)


def test_prefixes_that_count_up_do_not_meet(table: Table) -> None:
    crowd = Crowd(table, responses=1, size=4096)
    clients = [f"10.{upper}.{lower}.1" for upper in range(4) for lower in range(256)]
    fates = Counter(crowd.ask(client) for client in clients)
    assert fates["NOERROR"] >= 1020


def test_another_secret_puts_accounts_elsewhere(table: Table) -> None:
    limits = speeds.running.the("answer.limits")
    places = []
    for seed in range(8):
        limit = RateLimit(size=4096)
        shared = limits.fresh_memory(limit, Random(seed).randbytes(128))
        client = Client(table, limiter=limits.limiter_for(limit, shared))
        client.memory.now = NOW
        client.send(query(asked=question()), VICTIM)
        words = shared.cast("Q")
        places.append(tuple(at for at in range(cells.ACCOUNTS, len(words)) if words[at]))
    assert len(set(places)) > 6


JUMPS = [-86_400_000 * 400, -86_400_000, -3_600_000, -5000, -1500, -100, 100, 5000, 86_400_000, 86_400_000 * 400]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_is_set_harms_nobody_for_long(table: Table, jump: int) -> None:
    crowd = Crowd(table, responses=200)
    crowd.flood(1000, 2)
    crowd.flood(100, 2, "198.51.100.1")
    crowd.wait(jump)
    crowd.flood(100, 3, "198.51.100.1")
    assert crowd.flood(100, 5, "198.51.100.1") == {"NOERROR": 500}
    crowd.flood(1000, 2)
    assert crowd.flood(1000, 10)["NOERROR"] == pytest.approx(2000, rel=0.1)


def test_threads_whose_clocks_differ_by_a_little_hold_the_same_rate(table: Table) -> None:
    """Each reads the time when its batch comes in."""
    crowd, dice = Crowd(table, responses=100), Random(5)
    crowd.flood(1000, 2)
    sent, begun = 0, crowd.server.memory.now
    for step in range(10_000):
        crowd.server.memory.now = begun + step + dice.randrange(-20, 20)
        sent += crowd.ask() == "NOERROR"
    assert sent == pytest.approx(1000, rel=0.1)


@pytest.fixture(scope="module")
def scribbled(table: Table) -> Crowd:
    return Crowd(table, responses=3, total=5, slip=3, size=8)


@given(
    st.lists(st.integers(0, 2**64 - 1), min_size=8, max_size=8),
    st.integers(0, 2**45),
    st.lists(st.tuples(st.ip_addresses(), st.sampled_from(["www", "no", "x.wild", "a.child"])), max_size=20),
)
def test_whatever_stands_in_the_table_there_is_a_reply_or_none(
    scribbled: Crowd, words: list[int], now: int, asked: list[tuple[Any, str]]
) -> None:
    """Other threads write to it at any time."""
    last = len(scribbled.words)
    for at, word in enumerate(words):
        scribbled.words[last - 8 + at] = word
    scribbled.server.memory.now = now
    for client, name in asked:
        assert scribbled.ask(str(client), f"{name}.example.com.") in ("NOERROR", "NXDOMAIN", "cut", "dropped")


def test_both_speeds_keep_the_same_accounts(table: Table) -> None:
    """And so limit the same: what one worker wrote interpreted another could go on with."""
    written = []
    for speed in speeds.SPEEDS:
        with speeds.at(speed):
            crowd, dice = Crowd(table, responses=20, total=50, slip=2), Random(6)
            fates = []
            for _ in range(2000):
                crowd.wait(dice.randrange(3))
                client = str(ip_address(dice.choice([0x20010DB8 << 96, 0xC0000200, 0xC6336400]) + dice.randrange(256)))
                fates.append(crowd.ask(client, dice.choice(["www", "no", "x.wild"]) + ".example.com."))
            written.append((fates, crowd.words.tobytes()))
    assert all(each == written[0] for each in written)


# ── who is told of ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_prefix_that_is_limited_most_is_noted(table: Table) -> None:
    crowd = Crowd(table, responses=10)
    crowd.flood(1000, 2)
    slots = [
        crowd.words[at : at + cells.CROWD_WORDS].tolist()
        for at in range(cells.CROWD, cells.ACCOUNTS, cells.CROWD_WORDS)
        if crowd.words[at + 2]
    ]
    ((high, low, count, _),) = slots
    assert (high, low) == (0, 0xFFFF << 32 | int(ip_address("192.0.2.0")))
    assert count == sum(crowd.counted().values())


def test_off_nothing_is_kept_or_limited(table: Table) -> None:
    client = Client(table)
    packet = query(asked=question())
    assert all(client.send(packet, VICTIM) != DROP for _ in range(5000))
