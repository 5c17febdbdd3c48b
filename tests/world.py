"""Zones compiled to a table in memory, and questions put to it: the whole answer path without a socket."""

from collections.abc import Sequence
from ipaddress import ip_address

import dns.edns
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.rdtypes.svcbbase import ParamKey, SVCBBase

from geodns.answer.terms import MINE, TCP, UDP
from geodns.geo.atlas import Atlas
from geodns.model.verdict import CLEAR, Outlook
from geodns.model.zone import Zone
from geodns.table.compile import compile_plans, names_part, plans_part
from geodns.table.image import Table, open_table
from geodns.table.lands import draw_lands, territories_part
from geodns.table.slots import Ledgers
from tests import speeds, values

SERIAL = 7


def table_of(zones: Sequence[Zone], atlas: Atlas | None = None, outlook: Outlook = CLEAR) -> Table:
    lands = draw_lands(zones, atlas or values.atlas())
    ledgers = Ledgers.empty().for_zones(zones)
    plans = compile_plans(zones, lands, outlook, ledgers.member_slots(zones))
    serials = {zone.name: SERIAL if zone.soa.serial is None else zone.soa.serial for zone in zones}
    return open_table(
        {
            "names": names_part(zones, serials, ledgers.zone_slots(zones)),
            "territories": territories_part(lands),
            "plans": plans_part(plans),
        }
    )


class Client:
    """Asks a table, at the speed that is running. Each client has the memory of a worker of its own."""

    def __init__(self, table: Table, limiter: object = None, **conduct: object) -> None:
        """`conduct`: what differs from the ordinary, as answer.conduct has it; `limiter`: as answer.limits makes it."""
        speed = speeds.running
        self.table = speed.table(table)
        self.memory = speed.the("answer.memory").private_memory(speed.the("answer.conduct").Conduct(**conduct), limiter)
        self.query = speed.the("answer.query").Query()
        self._core = speed.the("answer.reply")
        self._reply = memoryview(bytearray(65535))

    def set_clock(self, seconds: float) -> None:
        """Since 1970."""
        self.memory.now = int(seconds * 1000)

    def send(self, packet: bytes, client: str = "192.0.2.99", transport: int = UDP) -> bytes | int:
        """The reply's octets, or what answer() said instead of one."""
        address = memoryview(ip_address(client).packed)
        self.query.take(memoryview(packet), len(packet), address, transport, self._reply)
        length: int = self._core.answer(self.table, self.query, self.memory)
        return bytes(self._reply[:length]) if length > 0 else length

    def send_too_early(self, packet: bytes) -> bytes:
        """The reply's octets where there is no table yet."""
        self.query.take(memoryview(packet), len(packet), memoryview(bytes(4)), UDP, self._reply)
        assert self._core.read(self.query, self.memory) == MINE
        return bytes(self._reply[: self._core.write_not_ready(self.query, self.memory)])

    def ask(
        self,
        name: str,
        rtype: str = "A",
        subnet: str | None = None,
        client: str = "192.0.2.99",
        transport: int = TCP,
        edns: bool | None = None,
    ) -> dns.message.Message:
        """`subnet`: a client subnet as dig takes it."""
        options = [dns.edns.ECSOption.from_text(f"ECS {subnet}")] if subnet else []
        use_edns = edns if edns is not None else bool(options)
        question = dns.message.make_query(name, rtype, use_edns=use_edns, options=options or None, payload=4096)
        octets = self.send(question.to_wire(), client, transport)
        assert isinstance(octets, bytes), f"no reply but {octets}"
        reply = dns.message.from_wire(octets)
        assert question.is_response(reply)
        return reply


def addresses(reply: dns.message.Message) -> list[str]:
    return [rdata.to_text() for rrset in reply.answer for rdata in rrset if rrset.rdtype in (1, 28)]


def hints(reply: dns.message.Message, *versions: int) -> list[str]:
    """The addresses in the answer's SVCB and HTTPS records; of these versions of IP, or of both."""
    keys = [_HINTS[version] for version in versions or _HINTS]
    records = [rdata for rrset in reply.answer for rdata in rrset if isinstance(rdata, SVCBBase)]
    found = [record.params[key] for record in records for key in keys if key in record.params]
    return [address for each in found for address in each.addresses]


_HINTS = {4: ParamKey.IPV4HINT, 6: ParamKey.IPV6HINT}


def scope(reply: dns.message.Message) -> int | None:
    """The client subnet's scope, None where the reply has no such option."""
    found = [option for option in reply.options if isinstance(option, dns.edns.ECSOption)]
    return found[0].scopelen if found else None


def outcome(reply: dns.message.Message) -> str:
    """What a resolver takes the reply for (RFC 2308 §2): ANSWER, NODATA, REFERRAL, or the response code's name."""
    if reply.rcode() != dns.rcode.NOERROR:
        return dns.rcode.to_text(reply.rcode())
    if any(rrset.rdtype == dns.rdatatype.SOA for rrset in reply.authority):
        return "NODATA"
    if any(rrset.rdtype == dns.rdatatype.NS for rrset in reply.authority):
        return "REFERRAL"
    return "ANSWER"


def lines(section: Sequence[dns.rrset.RRset]) -> list[str]:
    """`owner type rdata` of each record, in order."""
    return [
        f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)} {rdata.to_text()}" for rrset in section for rdata in rrset
    ]
