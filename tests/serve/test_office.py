"""Signed queries and copies of zones, as a client sees them: dnspython signs, verifies and puts copies together."""

import asyncio
import random
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from ipaddress import ip_address

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.tsig
import dns.xfr
import dns.zone
import pytest

from fuzz import laws
from fuzz.desk import CONDUCT
from geodns.answer.cells import FAULTS
from geodns.answer.conduct import Conduct
from geodns.answer.memory import private_memory
from geodns.answer.reply import answer
from geodns.answer.terms import DROP, HTTPS, NOT_MINE, TCP, TLS, UDP
from geodns.config.keys import ALGORITHMS
from geodns.model.name import parse_name
from geodns.model.transfer import Key
from geodns.model.zone import Zone
from geodns.serve import office
from geodns.serve.counts import Event
from geodns.serve.current import Current
from geodns.serve.desk import Desk
from geodns.table.image import Table
from tests import values
from tests.copies import KEY, ORIGIN, copied, keyring, records_in, records_of, table_of, with_serial, with_transfers
from tests.serve.standins import private_counts
from tests.values import rrset

NAMES = [rrset("@", "NS", "ns1", "ns2"), rrset("ns1", "A", "192.0.2.53"), rrset("ns2", "A", "192.0.2.54")]
MANY = [rrset(f"n{number}", "TXT", f'"{"x" * 50}"') for number in range(2000)]
LONG = rrset("long", "TXT", f'"{"y" * 250}"', f'"{"z" * 250}"', f'"{"w" * 250}"', f'"{"v" * 250}"', f'"{"u" * 150}"')
OPEN = with_serial(copied(values.zone(*NAMES, *MANY, LONG)), 7)
KEYED = with_serial(copied(values.zone(*NAMES, name="example.com."), KEY), 7)
VOID = replace(OPEN, is_void=True)
OTHER = Key(name=parse_name("other"), algorithm="hmac-sha256", secret=bytes(32))
EDE, PROHIBITED, NOT_READY = dns.edns.OptionType.EDE, 18, 14


class Served:
    """A desk with a table, asked without a socket."""

    def __init__(self, table: Table, conduct: Conduct | None = None) -> None:
        self.now = 1_800_000_000.0
        self.counts = private_counts()
        self.current = Current(table)
        self.desk = Desk(self.current, answer, private_memory(conduct), self.counts, clock=lambda: self.now)

    def send(self, packet: bytes, client: str = "192.0.2.7", transport: int = UDP) -> bytes:
        reply = memoryview(bytearray(65535))
        address = memoryview(ip_address(client).packed)
        size = self.desk.reply_to(memoryview(packet), len(packet), address, transport, reply)
        return bytes(reply[:size])

    def ask(self, query: dns.message.Message, client: str = "192.0.2.7", transport: int = UDP) -> dns.message.Message:
        return read(self.send(signed(query, self.now), client, transport), query)

    def stream(self, query: dns.message.Message, client: str = "192.0.2.7", transport: int = TCP) -> list[bytes]:
        """The messages that come: of a copy, or the one reply."""
        packet = signed(query, self.now)
        messages = self.desk.at_length(packet, memoryview(ip_address(client).packed), transport)
        if messages is None:
            return [self.send(packet, client, transport)]
        return asyncio.run(_all(messages))

    def count(self, event: Event) -> int:
        return self.counts.read()[event]


async def _all(messages: AsyncGenerator[bytes, None]) -> list[bytes]:
    return [message async for message in messages]


def signed(query: dns.message.Message, now: float) -> bytes:
    """At the time of the test."""
    octets = query.to_wire() if query.keyring is None else _signed(query, now)
    assert isinstance(octets, bytes)
    return octets


def _signed(query: dns.message.Message, now: float) -> bytes:
    key = query.keyring
    assert isinstance(key, dns.tsig.Key)
    assert query.tsig is not None
    tsig = query.tsig[0]
    query.tsig = None
    plain = query.to_wire()
    rdata, _ = dns.tsig.sign(plain, key, tsig.replace(time_signed=int(now)), int(now))  # type: ignore[no-untyped-call]
    query.tsig = dns.rrset.from_rdata(key.name, 0, rdata)
    octets = bytearray(plain)
    octets[11] += 1
    data, name = rdata.to_wire(), key.name.to_wire()
    assert data is not None
    assert name is not None
    return bytes(octets) + name + b"\0\xfa\0\xff\0\0\0\0" + len(data).to_bytes(2, "big") + bytes(data)


def read(octets: bytes, query: dns.message.Message) -> dns.message.Message:
    """The signature is not verified, but shown: its time is the test's."""
    return dns.message.from_wire(octets, keyring=False, request_mac=query.mac)


def query(
    name: str = "example.com.", rtype: str = "SOA", key: Key | None = None, edns: bool = True, **how: object
) -> dns.message.QueryMessage:
    made = dns.message.make_query(name, rtype, use_edns=0 if edns else None, payload=1232 if edns else None, **how)  # type: ignore[arg-type]
    if key is not None:
        ring = keyring(key)
        (ringed,) = ring.values()
        made.use_tsig(ringed)
    return made


def ixfr(serial: int, key: Key | None = None, edns: bool = True) -> dns.message.QueryMessage:
    made = query(rtype="IXFR", key=key, edns=edns)
    soa = f"ns1.example.com. hostmaster.example.com. {serial} 1 1 1 1"
    made.authority.append(dns.rrset.from_text("example.com.", 0, "IN", "SOA", soa))
    return made


def verified(messages: list[bytes], asked: dns.message.Message, key: Key, now: float) -> list[dns.message.Message]:
    """As dnspython does it, but by the clock of the test."""
    context = None
    found = []
    for octets in messages:
        message = dns.message.from_wire(octets, keyring=False)
        assert message.tsig is not None
        start = len(octets) - (len(message.tsig.name.to_wire() or b"") + 10 + len(message.tsig[0].to_wire() or b""))
        (ringed,) = keyring(key).values()
        context = dns.tsig.validate(  # type: ignore[no-untyped-call]
            octets, ringed, message.tsig.name, message.tsig[0], int(now), asked.mac, start, context, len(messages) > 1
        )
        found.append(message)
    return found


def copy_of(messages: list[bytes], serial: int | None = None, zone: dns.zone.Zone | None = None) -> dns.zone.Zone:
    """What a secondary makes of them."""
    zone = zone or dns.zone.Zone(ORIGIN, relativize=False)
    kind = dns.rdatatype.AXFR if serial is None else dns.rdatatype.IXFR
    done = False
    with dns.xfr.Inbound(zone, kind, serial) as inbound:
        for octets in messages:
            done = inbound.process_message(
                dns.message.from_wire(octets, keyring=False, xfr=True, one_rr_per_rrset=True)
            )
    assert done
    return zone


def records(zone: dns.zone.Zone) -> set[tuple[str, str, str, int]]:
    return records_of(
        dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset)) for name, rdataset in zone.iterate_rdatasets()
    )


# ── copies ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("transport", [TCP, TLS])
@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_a_zone_is_copied_whole_in_several_messages(key: Key | None, transport: int) -> None:
    served = Served(table_of(OPEN))
    messages = served.stream(query(rtype="AXFR", key=key), transport=transport)
    assert len(messages) > 3
    assert all(len(octets) < 17_000 for octets in messages)
    transfers = served.current.table.transfers if served.current.table else None
    assert records(copy_of(messages)) == records_in(transfers.zones[values.ORIGIN].run)  # type: ignore[union-attr]
    first = dns.message.from_wire(messages[0], keyring=False)
    assert first.flags & dns.flags.AA
    assert (first.edns, dns.message.from_wire(messages[1], keyring=False).edns) == (0, -1)
    assert served.count(Event.TRANSFER) == 1


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_message_is_signed_with_what_goes_before_it(algorithm: str) -> None:
    key = Key(name=parse_name("k.example"), algorithm=algorithm, secret=bytes(range(64)))
    served = Served(table_of(OPEN, keys=[key]))
    asked = query(rtype="AXFR", key=key)
    messages = served.stream(asked)
    assert len(verified(messages, asked, key, served.now)) == len(messages)
    with pytest.raises(dns.tsig.BadSignature):
        verified([messages[1], messages[0], *messages[2:]], asked, key, served.now)


def test_what_has_changed_is_told_and_makes_the_same_zone() -> None:
    before = table_of(OPEN)
    changed = with_serial(copied(values.zone(*NAMES[:2], *MANY, rrset("new", "A", "192.0.2.99"))), 8)
    served = Served(table_of(changed, before=before))
    zone = copy_of(Served(before).stream(query(rtype="AXFR")))
    (only,) = served.stream(ixfr(7))
    answer_ = dns.message.from_wire(only, one_rr_per_rrset=True).answer
    assert len(answer_) == 4 + 1 + 5 + 1, "four SOAs, what went, and what came"
    assert records(copy_of([only], 7, zone)) == records(copy_of(served.stream(query(rtype="AXFR"))))


@pytest.mark.parametrize("serial", [7, 8, 1000])
@pytest.mark.parametrize("transport", [UDP, TCP])
def test_who_has_the_serial_or_a_newer_one_gets_the_soa_alone(serial: int, transport: int) -> None:
    (only,) = Served(table_of(OPEN)).stream(ixfr(serial), transport=transport)
    (soa,) = dns.message.from_wire(only).answer
    assert soa[0].serial == 7


def test_from_a_serial_that_nobody_remembers_all_of_the_zone_comes() -> None:
    served = Served(table_of(OPEN))
    assert records(copy_of(served.stream(ixfr(3)), 3)) == records(copy_of(served.stream(query(rtype="AXFR"))))


def grown(*more: str) -> Table:
    """A large zone after `more` names were added, with serial 8."""
    added = [rrset(name, "TXT", f'"{"x" * 100}"') for name in more]
    return table_of(with_serial(copied(values.zone(*NAMES, *MANY, LONG, *added)), 8), before=table_of(OPEN))


@pytest.mark.parametrize(
    ("added", "edns", "key", "told"),
    [
        pytest.param(1, True, None, 5, id="one record"),
        pytest.param(1, True, KEY, 5, id="one record, signed"),
        pytest.param(8, True, None, 12, id="as much as fits"),
        pytest.param(9, True, None, 1, id="more than fits"),
        pytest.param(8, True, KEY, 1, id="as much as fits but for the signature"),
        pytest.param(2, False, None, 6, id="as much as fits without EDNS"),
        pytest.param(3, False, None, 1, id="more than fits without EDNS"),
    ],
)
def test_by_udp_what_has_changed_is_told_where_it_fits(added: int, edns: bool, key: Key | None, told: int) -> None:
    served = Served(grown(*(f"added{number}" for number in range(added))))
    octets = served.send(signed(ixfr(7, key, edns), served.now))
    assert len(octets) <= (1232 if edns else 512)
    reply = dns.message.from_wire(octets, keyring=False, one_rr_per_rrset=True)
    assert (len(reply.answer), reply.flags & dns.flags.TC) == (told, 0)
    assert reply.answer[0][0].serial == 8


def test_no_zone_is_copied_by_udp_nor_by_https() -> None:
    served = Served(table_of(OPEN))
    assert served.ask(query(rtype="AXFR")).rcode() == dns.rcode.FORMERR
    (only,) = served.stream(query(rtype="AXFR"), transport=HTTPS)
    assert dns.message.from_wire(only).rcode() == dns.rcode.REFUSED


def has_error(reply: dns.message.Message) -> int | None:
    found = [option.code for option in reply.options if isinstance(option, dns.edns.EDEOption)]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("zones", "asked", "client", "code", "error"),
    [
        pytest.param([KEYED], query(rtype="AXFR"), "192.0.2.7", "REFUSED", 18, id="without its key"),
        pytest.param([KEYED], query(rtype="AXFR", key=OTHER), "192.0.2.7", "REFUSED", 18, id="with another key"),
        pytest.param([KEYED], query(rtype="AXFR", edns=False), "192.0.2.7", "REFUSED", None, id="without EDNS"),
        pytest.param([KEYED], ixfr(6), "192.0.2.7", "REFUSED", 18, id="what has changed"),
        pytest.param([OPEN], query(rtype="AXFR"), "2001:db8::7", "REFUSED", 18, id="from elsewhere"),
        pytest.param([values.zone(*NAMES)], query(rtype="AXFR"), "192.0.2.7", "REFUSED", 18, id="nobody may"),
        pytest.param([VOID], query(rtype="AXFR"), "192.0.2.7", "SERVFAIL", 24, id="what has expired"),
        pytest.param([VOID], ixfr(7), "192.0.2.7", "SERVFAIL", 24, id="and is not confirmed"),
        pytest.param([OPEN], query("example.net.", "AXFR"), "192.0.2.7", "NOTAUTH", None, id="no zone of ours"),
        pytest.param([OPEN], query("n1.example.com.", "AXFR"), "192.0.2.7", "NOTAUTH", None, id="no zone's name"),
        pytest.param([OPEN], query(rtype="IXFR"), "192.0.2.7", "FORMERR", None, id="IXFR without a serial"),
        pytest.param([OPEN], query(rtype="AXFR", rdclass="CH"), "192.0.2.7", "REFUSED", None, id="another class"),
    ],
)
@pytest.mark.parametrize("transport", [UDP, TCP])
def test_who_may_not_have_a_copy_is_told_so(
    zones: list[Zone], asked: dns.message.Message, client: str, code: str, error: int | None, transport: int
) -> None:
    served = Served(table_of(*zones, keys=[KEY, OTHER]))
    (only,) = served.stream(asked, client, transport)
    reply = dns.message.from_wire(only, keyring=False)
    assert (dns.rcode.to_text(reply.rcode()), has_error(reply)) == (code, error)
    assert not reply.answer
    assert (reply.tsig is not None) == (asked.keyring is not None)
    assert reply.question == asked.question


def test_a_server_may_keep_to_itself_why() -> None:
    reply = Served(table_of(KEYED), Conduct(extended=0)).ask(query(rtype="AXFR"))
    assert (reply.rcode(), reply.edns, has_error(reply)) == (dns.rcode.REFUSED, 0, None)


def test_without_any_transfers_and_keys_copies_are_refused() -> None:
    served = Served(with_transfers(table_of(values.zone(*NAMES)), None))
    assert served.ask(query(rtype="AXFR")).rcode() == dns.rcode.REFUSED
    assert [dns.message.from_wire(octets).rcode() for octets in served.stream(query(rtype="AXFR"))] == [5]


def test_a_version_of_edns_that_nobody_knows_is_bad_for_copies_too() -> None:
    asked = dns.message.make_query("example.com.", "AXFR", use_edns=1)
    (only,) = Served(table_of(OPEN)).stream(asked)
    assert dns.message.from_wire(only).rcode() == dns.rcode.BADVERS


def test_more_copies_at_once_than_there_may_be_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "AT_ONCE", 2)
    served = Served(table_of(OPEN))
    client = memoryview(ip_address("192.0.2.7").packed)

    async def scenario() -> None:
        packet = query(rtype="AXFR").to_wire()
        copies = [served.desk.at_length(packet, client, TCP) for _ in range(3)]
        first = [await anext(each) for each in copies if each is not None]
        assert [dns.message.from_wire(octets).rcode() for octets in first] == [0, 0, dns.rcode.SERVFAIL]
        for each in copies:
            assert each is not None
            await each.aclose()
        again = served.desk.at_length(packet, client, TCP)
        assert again is not None
        assert dns.message.from_wire(await anext(again)).rcode() == 0
        await again.aclose()

    asyncio.run(scenario())


def test_a_copy_goes_on_from_the_table_that_it_was_begun_with() -> None:
    served = Served(table_of(OPEN))
    client = memoryview(ip_address("192.0.2.7").packed)

    async def scenario() -> list[bytes]:
        copy = served.desk.at_length(query(rtype="AXFR").to_wire(), client, TCP)
        assert copy is not None
        messages = [await anext(copy)]
        served.current.replace(table_of(with_serial(copied(values.zone(*NAMES)), 8)))
        return messages + [message async for message in copy]

    assert len(records(copy_of(asyncio.run(scenario())))) > 2000


# ── signatures ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("transport", [UDP, TCP])
def test_what_is_asked_with_a_signature_is_answered_with_one(algorithm: str, transport: int) -> None:
    key = Key(name=parse_name("k.example"), algorithm=algorithm, secret=bytes(range(64)))
    served = Served(table_of(OPEN, keys=[key]))
    asked = query("n1.example.com.", "TXT", key)
    octets = served.send(signed(asked, served.now), transport=transport)
    (reply,) = verified([octets], asked, key, served.now)
    assert reply.answer[0][0].to_text() == f'"{"x" * 50}"'
    assert reply.edns == 0


@pytest.mark.parametrize(("edns", "limit"), [(True, 1232), (False, 512)])
def test_a_reply_that_has_no_room_for_its_signature_is_truncated(edns: bool, limit: int) -> None:
    served = Served(table_of(OPEN))
    asked = query("long.example.com.", "TXT", KEY, edns)
    plain = served.send(query("long.example.com.", "TXT", None, edns).to_wire())
    octets = served.send(signed(asked, served.now))
    assert len(plain) <= limit
    (reply,) = verified([octets], asked, KEY, served.now)
    assert (bool(reply.flags & dns.flags.TC), reply.answer) == (True, [])
    octets = served.send(signed(asked, served.now), transport=TCP)
    assert len(dns.message.from_wire(octets, keyring=False).answer[0]) == 5


def test_where_no_reply_is_due_none_comes_for_the_signature() -> None:
    """Such as where the rate of replies is limited."""
    served = Served(table_of(KEYED))
    packet = signed(query(key=KEY), served.now)
    answers = iter([NOT_MINE, DROP])
    served.desk = Desk(served.current, lambda *_: next(answers), private_memory(), served.counts, lambda: served.now)
    assert served.send(packet) == b""


def changed(asked: dns.message.Message, now: float, **fields: object) -> bytes:
    """The signed query with other fields in its signature."""
    octets = signed(asked, now)
    assert asked.tsig is not None
    rdata = asked.tsig[0].replace(**fields)
    old, new = asked.tsig[0].to_wire(), rdata.to_wire()
    assert old is not None
    assert new is not None
    return octets[: -len(old) - 2] + len(new).to_bytes(2, "big") + bytes(new)


def mac_of(asked: dns.message.Message, now: float) -> bytes:
    signed(asked, now)
    assert asked.tsig is not None
    mac: bytes = asked.tsig[0].mac
    return mac


NOW = 1_800_000_000
ASKED = query(key=KEY)


@pytest.mark.parametrize(
    ("packet", "code", "error", "is_signed"),
    [
        pytest.param(signed(query(key=OTHER), NOW), "NOTAUTH", 17, False, id="a key that nobody knows"),
        pytest.param(
            signed(query(key=Key(name=KEY.name, algorithm="hmac-sha512", secret=KEY.secret)), NOW),
            "NOTAUTH",
            17,
            False,
            id="another algorithm",
        ),
        pytest.param(
            signed(query(key=Key(name=KEY.name, algorithm="hmac-sha256", secret=bytes(32))), NOW),
            "NOTAUTH",
            16,
            False,
            id="another secret",
        ),
        pytest.param(signed(ASKED, NOW - 301), "NOTAUTH", 18, True, id="too long ago"),
        pytest.param(signed(ASKED, NOW + 301), "NOTAUTH", 18, True, id="in times to come"),
        pytest.param(signed(ASKED, NOW - 300), "NOERROR", 0, True, id="just in time"),
        pytest.param(changed(ASKED, NOW, mac=mac_of(ASKED, NOW)[:16]), "NOTAUTH", 22, True, id="cut to the half"),
        pytest.param(changed(ASKED, NOW, mac=bytes(16)), "NOTAUTH", 16, False, id="cut, and wrong"),
        pytest.param(changed(ASKED, NOW, mac=mac_of(ASKED, NOW)[:15]), "FORMERR", None, False, id="cut too short"),
        pytest.param(changed(ASKED, NOW, mac=bytes(33)), "FORMERR", None, False, id="too long"),
        pytest.param(changed(ASKED, NOW, mac=b""), "FORMERR", None, False, id="none"),
        pytest.param(changed(ASKED, NOW, fudge=0), "NOTAUTH", 16, False, id="another fudge"),
    ],
)
@pytest.mark.parametrize("transport", [UDP, TCP])
def test_a_signature_that_does_not_hold_is_told(
    packet: bytes, code: str, error: int | None, is_signed: bool, transport: int
) -> None:
    served = Served(table_of(KEYED))
    reply = dns.message.from_wire(served.send(packet, transport=transport), keyring=False)
    assert dns.rcode.to_text(reply.rcode()) == code
    assert (None if reply.tsig is None else reply.tsig[0].error) == error
    assert bool(reply.tsig is not None and reply.tsig[0].mac) == is_signed
    assert bool(reply.answer) == (code == "NOERROR")


def moved(packet: bytes, section: int) -> bytes:
    """The header says of one record less that it is additional, and of one more that it is in the section there."""
    octets = bytearray(packet)
    octets[11] -= 1
    octets[section + 1] += 1
    return bytes(octets)


NOTIFY = query(key=KEY, edns=False)
NOTIFY.set_opcode(dns.opcode.NOTIFY)
OPT = b"\0\0\x29\x04\xd0\0\0\0\0\0\0"


@pytest.mark.parametrize(
    "asked", [query(key=KEY, edns=False), query(rtype="AXFR", key=KEY, edns=False), ixfr(6, KEY, edns=False), NOTIFY]
)
def test_a_signature_stands_last_and_in_the_additional_section(asked: dns.message.Message) -> None:
    served = Served(table_of(KEYED))
    packet = signed(asked, served.now)
    for broken in (moved(packet, 6), moved(packet, 8), packet[:11] + bytes((packet[11] + 1,)) + packet[12:] + OPT):
        for transport in (UDP, TCP):
            at_length = served.desk.at_length(broken, memoryview(b"\xc0\0\2\7"), transport)
            assert at_length is None
            assert served.send(broken, transport=transport)[3] & 15 == dns.rcode.FORMERR
    assert served.desk.memory.counts[FAULTS] == 0


def test_two_opt_records_are_one_too_many_in_a_question_for_a_copy() -> None:
    packet = query(rtype="AXFR").to_wire()
    twice = packet[:11] + bytes((packet[11] + 1,)) + packet[12:] + OPT
    served = Served(table_of(OPEN))
    assert served.desk.at_length(twice, memoryview(b"\xc0\0\2\7"), TCP) is None
    assert served.send(twice, transport=TCP)[3] & 15 == dns.rcode.FORMERR


def test_whose_clock_is_wrong_learns_the_time() -> None:
    served = Served(table_of(KEYED))
    asked = query(key=KEY)
    octets = served.send(signed(asked, NOW - 1000))
    reply = dns.message.from_wire(octets, keyring=False)
    assert reply.tsig is not None
    assert int.from_bytes(reply.tsig[0].other, "big") == NOW
    assert reply.tsig[0].time_signed == NOW - 1000
    (ringed,) = keyring(KEY).values()
    rdata = reply.tsig[0]
    plain = dns.message.from_wire(octets, keyring=False)
    start = len(octets) - len(plain.tsig.name.to_wire()) - 10 - len(rdata.to_wire())  # type: ignore[arg-type,union-attr]
    with pytest.raises(dns.tsig.PeerBadTime):
        dns.tsig.validate(octets, ringed, plain.tsig.name, rdata, NOW, asked.mac, start)  # type: ignore[no-untyped-call,union-attr]


def test_where_there_is_no_key_at_all_every_key_is_bad() -> None:
    served = Served(with_transfers(table_of(values.zone(*NAMES)), None))
    reply = dns.message.from_wire(served.send(signed(query(key=KEY), served.now)), keyring=False)
    assert (reply.rcode(), reply.tsig and reply.tsig[0].error) == (dns.rcode.NOTAUTH, 17)


@pytest.mark.parametrize("opcode", [dns.opcode.UPDATE, dns.opcode.STATUS])
def test_what_is_not_implemented_is_not_so_with_a_signature_either(opcode: dns.opcode.Opcode) -> None:
    served = Served(table_of(KEYED))
    asked = query(key=KEY)
    asked.set_opcode(opcode)
    (reply,) = verified([served.send(signed(asked, served.now))], asked, KEY, served.now)
    assert reply.rcode() == dns.rcode.NOTIMP


WITH_OPTIONS = ixfr(7, KEY)
WITH_OPTIONS.use_edns(
    0,
    options=[
        dns.edns.GenericOption(dns.edns.OptionType(code), bytes(size)) for code, size in ((10, 8), (3, 0), (8, 4))
    ],
)


def mutations(seed: int) -> Iterator[bytes]:
    dice = random.Random(seed)
    asked = (ASKED, query(rtype="AXFR", key=KEY), ixfr(3, KEY), ixfr(7, KEY), ixfr(3), WITH_OPTIONS)
    originals = [signed(each, NOW) for each in asked]
    for _ in range(2000):
        octets = bytearray(dice.choice(originals))
        for _ in range(dice.choice([1, 1, 2, 4, 8])):
            match dice.randrange(4):
                case 0:
                    octets[dice.randrange(len(octets))] = dice.randrange(256)
                case 1:
                    octets[dice.randrange(len(octets))] ^= 1 << dice.randrange(8)
                case 2:
                    del octets[dice.randrange(12, len(octets) + 1) :]
                case 3:
                    at = dice.randrange(12, len(octets) + 1)
                    octets[at:at] = dice.randbytes(dice.randrange(1, 20))
        yield bytes(octets)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_is_answered_within_the_law_and_raises_nothing(seed: int) -> None:
    served = Served(table_of(KEYED), CONDUCT)
    for packet in mutations(seed):
        laws.hold(packet, served.send(packet), stream=False)
        laws.hold(packet, served.send(packet, transport=TLS), stream=True)
        served.desk.at_length(packet, memoryview(bytes(4)), TCP)
    assert served.desk.memory.counts[FAULTS] == 0
