"""Zones that may be copied, tables with the part that copies are made from, and copies put together by dnspython."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_network

import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.rrset
import dns.tsig

from geodns.control.edition import compile_edition
from geodns.model.name import Name, parse_name
from geodns.model.secondary import Secondary
from geodns.model.transfer import Allowed, Key, Told, Transfer
from geodns.model.verdict import CLEAR
from geodns.model.zone import RRset, Zone
from geodns.table.image import TRANSFERS, Table, open_table
from geodns.table.layout import KIND_TRANSFERS
from geodns.table.part import open_part
from geodns.table.slots import Ledgers
from geodns.table.transfer_part import transfers_part
from geodns.table.transfers import Difference, Run, Transfers, read_transfers
from tests import values
from tests.control import samples

KEY = Key(name=parse_name("secondary"), algorithm="hmac-sha256", secret=bytes(range(32)))
ORIGIN = dns.name.from_text("example.com.")
Records = set[tuple[str, str, str, int]]  # owner, type, data, TTL


def keyring(*keys: Key) -> dict[dns.name.Name, dns.tsig.Key]:
    names = [dns.name.from_wire(key.name, 0)[0] for key in keys]
    return {name: dns.tsig.Key(name, key.secret, key.algorithm) for name, key in zip(names, keys, strict=True)}


def copied(zone: Zone, *allow: str | Key, notify: Iterable[Told] = (), **said: object) -> Zone:
    """`allow`: networks and keys; by default everybody may copy it."""
    allowed = [Allowed(None, each) if isinstance(each, Key) else Allowed(ip_network(each), None) for each in allow]
    everybody = [Allowed(ip_network("0.0.0.0/0"), None)]
    transfer = Transfer(allow=tuple(allowed or everybody), notify=tuple(notify), **said)  # type: ignore[arg-type]
    return replace(zone, transfer=transfer)


def transfers_of(
    zones: Sequence[Zone],
    serials: Mapping[Name, int],
    before: Transfers | None = None,
    keys: Iterable[Key] = (KEY,),
    views: Mapping[Name, Sequence[RRset]] | None = None,
    followed: Iterable[Name] = (),
) -> Transfers:
    part = transfers_part(zones, serials, views or {}, {key.name: key for key in keys}, before, followed)
    assert part is not None
    return read_transfers(open_part(memoryview(part), KIND_TRANSFERS))


def table_of(
    *zones: Zone, keys: Iterable[Key] = (KEY,), before: Table | None = None, secondaries: Iterable[Secondary] = ()
) -> Table:
    """Zones say their serials; those that do not have one counted up. `secondaries`: of these zones, the copies."""
    inputs = samples.inputs(zones)
    named = {key.name: key for key in keys}
    inputs = replace(inputs, settings=replace(inputs.settings, keys=named, secondaries=tuple(secondaries)))
    last = before.transfers if before is not None else None
    parts = compile_edition(inputs, CLEAR, {}, Ledgers.empty(), samples.NOW, before=last).parts
    table = open_table(parts)
    part = parts.get(TRANSFERS)
    transfers = read_transfers(open_part(memoryview(part), KIND_TRANSFERS)) if part is not None else None
    return with_transfers(table, transfers)


def with_transfers(table: Table, transfers: Transfers | None) -> Table:
    from geodns.table.part import Part

    names, plans = Part(table.names, table.names_octets), Part(table.plans, table.plans_octets)
    return Table(names, Part(table.territories, table.plans_octets), plans, 1, 0.0, transfers)


def with_serial(zone: Zone, serial: int) -> Zone:
    return replace(zone, soa=replace(zone.soa, serial=serial))


def message_of(run: Iterable[tuple[bytes | memoryview, int]], zone: Name = values.ORIGIN) -> dns.message.Message:
    """All the pieces as one answer to a question for the zone."""
    pieces = list(run)
    count = sum(records for _, records in pieces)
    head = bytes((0, 1, 0x84, 0, 0, 1)) + count.to_bytes(2, "big") + bytes(4)
    body = b"".join(octets for octets, _ in pieces)
    return dns.message.from_wire(head + zone + b"\0\xfc\0\1" + body, one_rr_per_rrset=True)


def records_of(rrsets: Iterable[dns.rrset.RRset]) -> Records:
    return {
        (rrset.name.to_text(), dns.rdatatype.to_text(rrset.rdtype), rdata.to_text(), rrset.ttl)
        for rrset in rrsets
        for rdata in rrset
    }


def records_in(run: Run) -> Records:
    return records_of(message_of(run.pieces()).answer)


def halves(difference: Difference) -> tuple[Records, Records]:
    """What went and what came, without the SOAs."""
    answer = message_of(difference.run.pieces()).answer
    soas = [number for number, rrset in enumerate(answer) if rrset.rdtype == dns.rdatatype.SOA]
    assert soas[0] == 0
    assert len(soas) == 2
    return records_of(answer[1 : soas[1]]), records_of(answer[soas[1] + 1 :])
