"""Why this answer? The question is put to the table that serves, and what it went through is named.

Pure. The reply, route, scope and odds are read from the compiled data; the rule is the one whose route the table gave.
"""

from dataclasses import asdict, dataclass

import dns.edns
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from geodns.answer import found
from geodns.answer.memory import private_memory
from geodns.answer.query import Query
from geodns.answer.reply import answer
from geodns.answer.terms import TCP
from geodns.control.burdens import Nobody, Reports
from geodns.control.edition import Edition
from geodns.control.load_views import LoadView
from geodns.control.reasons import HistoryOf, never_asked
from geodns.control.signatures import DatabaseView, checksum_of, databases_of
from geodns.control.steering import Facts, Steering, block, steering_of
from geodns.control.supposing import NOTHING, Supposition, supposing
from geodns.model.name import Name
from geodns.model.place import Address, Place
from geodns.model.policy import Locate
from geodns.model.schedule import shown_in_utc
from geodns.model.zone import Zone
from geodns.table import layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`steering` None: the answer is the same for everybody. `answer`: records in presentation form, of one draw."""

    name: str
    type: str
    client: str
    resolver: str | None  # None: nobody but the client itself
    generation: int
    checksum: str
    databases: tuple[DatabaseView, ...]
    zone: str | None
    found: str
    rcode: str
    answer: tuple[str, ...]
    authority: tuple[str, ...]
    scope: int
    scope_reason: str
    steering: Steering | None
    down: tuple[str, ...] = ()  # what is only supposed to be
    at: str | None = None  # when it is only supposed to be
    supposed: tuple[tuple[str, float], ...] = ()  # (pool or pool/member, the load that it is supposed to have)
    loads: tuple[LoadView, ...] = ()  # as they are now

    def to_json(self) -> dict[str, object]:
        return asdict(self)


_FOUND = {
    found.OUTSIDE: "in none of the zones served here",
    found.EXACT: "the name itself",
    found.WILDCARD: "a wildcard",
    found.MISSING: "there is no such name",
    found.CUT: "delegated",
    found.REDIRECTED: "below a DNAME",
}


def explain(
    edition: Edition,
    name: str,
    rtype: str,
    client: Address | Place,
    generation: int,
    supposition: Supposition = NOTHING,
    *,
    resolver: Address | None = None,
    reports: Reports | None = None,
    history_of: HistoryOf = never_asked,
) -> Explanation:
    """`client`: its address, or a place, for which an address there stands in. `resolver`: who asks on its behalf; else
    it asks by itself. Supposed loads lie over what is reported. Raises ValueError, with a sentence, where name, type,
    place or anything supposed is none.
    """
    owner, kind = _question(name, rtype)
    if isinstance(client, Place):
        client = _address_at(edition, client)
    query, checksum = Query(), checksum_of(edition.parts)
    asker = resolver or client
    reply = _ask(edition, owner, kind, client, asker, query)
    zone = _zone_at(edition, query.zone)
    if supposition != NOTHING:
        edition = supposing(edition, _whose(zone, owner), supposition, reports or Nobody())
        reply = _ask(edition, owner, kind, client, asker, query)
        zone = _zone_at(edition, query.zone)
    facts = Facts(client, asker, supposition.down, history_of)
    steering = steering_of(edition, zone, query, kind, facts) if zone else None
    return Explanation(
        name=owner.to_text(),
        type=dns.rdatatype.to_text(kind),
        client=str(client),
        resolver=str(resolver) if resolver else None,
        generation=generation,
        checksum=checksum,
        databases=databases_of(edition.inputs.atlas),
        zone=str(zone) if zone else None,
        found=_FOUND[query.found],
        rcode=dns.rcode.to_text(reply.rcode()),
        answer=tuple(str(rrset) for rrset in reply.answer),
        authority=tuple(str(rrset) for rrset in reply.authority),
        scope=query.scope,
        scope_reason=_scope_reason(query.scope, client, steering),
        steering=steering,
        down=tuple(sorted(supposition.down)),
        at=shown_in_utc(supposition.at) if supposition.at is not None else None,
        supposed=tuple(sorted(supposition.loads.items())),
    )


def _question(name: str, rtype: str) -> tuple[dns.name.Name, dns.rdatatype.RdataType]:
    try:
        return dns.name.from_text(name), dns.rdatatype.from_text(rtype)
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError(f"{name} {rtype}: {error}") from error


def _address_at(edition: Edition, place: Place) -> Address:
    address = edition.inputs.atlas.address_at(place)
    if address is None:
        raise ValueError(f"{edition.inputs.atlas.name} has no address at {place}")
    return address


def _whose(zone: Zone | None, owner: dns.name.Name) -> Zone:
    if zone is None:
        raise ValueError(f"{owner} is in none of the zones served here, so nothing can be supposed of it")
    return zone


def _ask(
    edition: Edition, owner: dns.name.Name, kind: dns.rdatatype.RdataType, client: Address, asker: Address, query: Query
) -> dns.message.Message:
    """As `asker` would ask for the client, with its full client subnet."""
    subnet = dns.edns.ECSOption(str(client), client.max_prefixlen)
    packet = dns.message.make_query(owner, kind, use_edns=True, options=[subnet]).to_wire()
    reply = memoryview(bytearray(65535))
    query.take(memoryview(packet), len(packet), memoryview(asker.packed), TCP, reply)
    length = answer(edition.table, query, private_memory())
    if length <= 0:
        raise ValueError(f"{dns.rdatatype.to_text(kind)} is not answered from the table (transfers are refused)")
    return dns.message.from_wire(bytes(reply[:length]))


def _zone_at(edition: Edition, at: int) -> Zone | None:
    if at == 0:
        return None
    table = edition.table
    octet = table.names[at + layout.ZONE_OCTET]
    name = Name(bytes(table.names_octets[octet : octet + table.names[at + layout.ZONE_LENGTH]]))
    return next(zone for zone in edition.inputs.zones if zone.name == name)


def _scope_reason(scope: int, client: Address, steering: Steering | None) -> str:
    if steering is None:
        return "0: the answer is the same for everybody"
    if steering.locate == str(Locate.RESOLVER):
        return "0: the resolver's address decides, whatever the client subnet (locate: resolver)"
    if scope == 0:
        return "0: every client has this route"
    around = block(client, min(scope, client.max_prefixlen))
    if steering.kept and steering.kept.prefix == around:
        return f"{scope}: {around} is what the client is known by (sticky), and it has this route throughout"
    return f"{scope}: {around} is the largest block around the client that has this route throughout"
