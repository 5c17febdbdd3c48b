"""NOTIFY as the sender sees it, and what control hears of it."""

from collections.abc import Iterator
from ipaddress import ip_address

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset
import pytest

from geodns.answer.memory import private_memory
from geodns.answer.reply import answer
from geodns.answer.terms import HTTPS, TCP, TLS, UDP
from geodns.model.endpoint import Endpoint
from geodns.model.name import parse_name
from geodns.model.secondary import Secondary
from geodns.model.transfer import Key
from geodns.serve.channel import Channel, open_pair
from geodns.serve.counts import Event
from geodns.serve.desk import Desk
from geodns.serve.messages import Message, Notified
from geodns.serve.notices import MOST, Notices
from tests import values
from tests.copies import KEY, copied, table_of
from tests.serve.test_office import NAMES, OTHER, Served, query, signed, verified

ORG = parse_name("example.org.")
PRIMARY = Endpoint(ip_address("192.0.2.53"), 53)
COPY = Secondary(zone=ORG, primaries=(PRIMARY,), key=KEY, source=values.HERE)
TABLE = table_of(copied(values.zone(*NAMES)), values.zone(name="example.org."), secondaries=[COPY])


class Told(Served):
    """A desk whose notices come to the test."""

    def __init__(self) -> None:
        super().__init__(TABLE)
        theirs, ours = open_pair()
        with theirs, ours:
            self._theirs, self._ours = Channel(theirs.fileno()), Channel(ours.fileno())
        self.notices = Notices()
        self.notices.connect(self._theirs)
        self.desk = Desk(self.current, answer, private_memory(), self.counts, lambda: self.now, self.notices)

    def heard(self) -> list[Message]:
        return list(self._ours.messages())

    def close(self) -> None:
        self._theirs.close()
        self._ours.close()


@pytest.fixture
def told() -> Iterator[Told]:
    made = Told()
    yield made
    made.close()


def notify(
    name: str = "example.org.", rtype: str = "SOA", key: Key | None = None, **how: object
) -> dns.message.Message:
    made = query(name, rtype, key, **how)  # type: ignore[arg-type]
    made.set_opcode(dns.opcode.NOTIFY)
    made.flags = (made.flags | dns.flags.AA) & ~dns.flags.RD
    return made


def with_soa(message: dns.message.Message) -> dns.message.Message:
    soa = "ns1.example.org. hostmaster.example.org. 9 1 1 1 1"
    message.answer.append(dns.rrset.from_text("example.org.", 0, "IN", "SOA", soa))
    return message


@pytest.mark.parametrize("transport", [UDP, TCP, TLS])
@pytest.mark.parametrize("edns", [False, True])
def test_for_a_zone_that_is_copied_it_is_taken_and_control_hears_of_it(told: Told, transport: int, edns: bool) -> None:
    asked = with_soa(notify("Example.ORG.", edns=edns))
    reply = told.ask(asked, "192.0.2.53", transport)
    assert (reply.id, reply.opcode(), reply.rcode()) == (asked.id, dns.opcode.NOTIFY, dns.rcode.NOERROR)
    assert reply.flags & 0xFFF == dns.flags.AA | dns.opcode.to_flags(dns.opcode.NOTIFY) & 0xFFF
    assert reply.flags & dns.flags.QR
    assert [each.to_text() for each in reply.question] == ["Example.ORG. IN SOA"]
    assert not reply.answer
    assert reply.edns == (0 if edns else -1)
    assert told.heard() == [Notified(ORG.hex(), "192.0.2.53", "")]
    assert told.count(Event.NOTIFIED) == 1


def test_what_is_signed_is_answered_so_and_control_hears_with_which_key(told: Told) -> None:
    asked = notify(key=KEY)
    (reply,) = verified([told.send(signed(asked, told.now), "2001:db8::7")], asked, KEY, told.now)
    assert reply.rcode() == dns.rcode.NOERROR
    assert reply.flags & dns.flags.AA
    assert told.heard() == [Notified(ORG.hex(), "2001:db8::7", KEY.name.hex())]


def test_a_signature_that_does_not_hold_is_no_word_of_a_change(told: Told) -> None:
    reply = told.ask(notify(key=OTHER), "192.0.2.53")
    assert reply.rcode() == dns.rcode.NOTAUTH
    assert told.heard() == []


@pytest.mark.parametrize(
    ("asked", "transport", "code"),
    [
        pytest.param(notify("example.com."), UDP, "NOTAUTH", id="a zone of ours"),
        pytest.param(notify("example.net."), UDP, "NOTAUTH", id="none of ours"),
        pytest.param(notify("www.example.org."), UDP, "NOTAUTH", id="a name in a copy"),
        pytest.param(notify("example.com.", key=KEY), UDP, "NOTAUTH", id="signed"),
        pytest.param(notify(rtype="A"), UDP, "FORMERR", id="another type"),
        pytest.param(notify(rdclass="CH"), UDP, "FORMERR", id="another class"),
        pytest.param(notify(), HTTPS, "REFUSED", id="by HTTPS"),
    ],
)
def test_anything_else_is_not_taken(told: Told, asked: dns.message.Message, transport: int, code: str) -> None:
    reply = told.ask(asked, "192.0.2.53", transport)
    assert dns.rcode.to_text(reply.rcode()) == code
    assert reply.opcode() == dns.opcode.NOTIFY
    assert reply.question == asked.question
    assert not reply.flags & dns.flags.AA
    assert told.heard() == []


def test_another_version_of_edns_is_said_to_be_none_of_ours(told: Told) -> None:
    asked = notify()
    asked.use_edns(1)
    assert told.ask(asked).rcode() == dns.rcode.BADVERS
    assert told.heard() == []


WIRE = notify(edns=False).to_wire()


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(WIRE[:4] + b"\0\0" + WIRE[6:12], id="no question"),
        pytest.param(WIRE[:4] + b"\0\2" + WIRE[6:] + WIRE[12:], id="two questions"),
        pytest.param(WIRE[:-3], id="cut short"),
        pytest.param(WIRE + b"\0", id="too long"),
        pytest.param(WIRE[:6] + b"\0\1" + WIRE[8:], id="an answer that is not there"),
    ],
)
def test_what_cannot_be_read_is_a_format_error(told: Told, packet: bytes) -> None:
    reply = dns.message.from_wire(told.send(packet))
    assert (reply.opcode(), reply.rcode()) == (dns.opcode.NOTIFY, dns.rcode.FORMERR)
    assert told.heard() == []


def test_a_reply_to_a_notify_gets_none(told: Told) -> None:
    assert told.send(WIRE[:2] + bytes((WIRE[2] | 0x80,)) + WIRE[3:]) == b""


def test_of_a_flood_control_hears_a_part_and_of_what_is_signed_still(told: Told) -> None:
    heard: list[Message] = []
    for _ in range(MOST + 20):
        assert told.ask(notify()).rcode() == dns.rcode.NOERROR
        heard += told.heard()
    assert len(heard) == told.count(Event.NOTIFIED) == MOST
    assert told.count(Event.NOTIFY_HELD) == 20
    told.ask(notify(key=KEY))
    assert len(told.heard()) == 1
    told.now += 1
    told.ask(notify())
    assert len(told.heard()) == 1


def test_where_control_does_not_listen_the_sender_is_answered_all_the_same(told: Told) -> None:
    told.notices.connect(None)
    assert told.ask(notify()).rcode() == dns.rcode.NOERROR
    assert told.count(Event.NOTIFY_HELD) == 1
