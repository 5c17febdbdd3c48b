"""A zone from a primary: its SOA, and where that is newer IXFR (RFC 1995), else AXFR (RFC 5936); signed where there is
a key (RFC 8945). What comes is nobody's word but the primary's, so it is bounded, checked, and kept only as a whole.
"""

import asyncio
from contextlib import suppress

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.node
import dns.rcode
import dns.rdataset
import dns.rdatatype
import dns.rdtypes.ANY.SOA
import dns.transaction
import dns.tsig
import dns.xfr
import dns.zone

from geodns.config.marked import Limits
from geodns.model.endpoint import Endpoint
from geodns.model.name import Name
from geodns.model.serial import is_newer
from geodns.model.transfer import Key

SOA_WITHIN = 5.0  # seconds
MESSAGE_WITHIN = 30.0  # seconds until there is a connection, and until each message of a transfer
TRANSFER_WITHIN = 3600.0  # seconds for all of it
MOST_OCTETS = Limits().octets  # of one transfer: what comes is kept as a master file, which has no more

Copy = dns.zone.Zone


class NotTransferred(Exception):
    """The primary has no such zone for us, or is not there; the message says what it did."""


async def transfer(
    zone: Name, primary: Endpoint, key: Key | None, copy: Copy | None, *, most: int = MOST_OCTETS
) -> Copy | None:
    """The zone as it is there; None where the copy is the same. The copy is left as it is. Raises NotTransferred."""
    origin = dns.name.from_wire(zone, 0)[0]
    try:
        async with asyncio.timeout(TRANSFER_WITHIN):
            serial = await _serial(origin, primary, key)
            if copy is not None and _is_same(copy, serial, primary):
                return None
            after = await _newest(origin, primary, key, copy, most)
            return None if copy is not None and _is_same(copy, _soa(after).serial, primary) else after
    except NotTransferred:
        raise
    except (TimeoutError, dns.exception.Timeout):
        raise NotTransferred(f"{primary} does not answer in time") from None
    except Exception as error:  # DNSException and OSError are what is meant; hostile octets bring others
        raise NotTransferred(f"{primary}: {str(error) or type(error).__name__}") from None


class _NoIxfr(Exception):
    """What came as IXFR is of no use: the whole zone is asked for instead."""


def _is_same(copy: Copy, serial: int, primary: Endpoint) -> bool:
    """Whether a primary with that serial has the copy. Raises NotTransferred where it has an older one: it lags behind
    other primaries, or has begun anew, and does not say that the copy is good."""
    mine = _soa(copy).serial
    if serial != mine and not is_newer(serial, mine):
        raise NotTransferred(f"{primary} has serial {serial}, which is older than the copy's {mine}")
    return serial == mine


async def _newest(origin: dns.name.Name, primary: Endpoint, key: Key | None, copy: Copy | None, most: int) -> Copy:
    if copy is not None:
        with suppress(_NoIxfr):
            return await _copied(origin, primary, key, copy, most)
    return await _copied(origin, primary, key, None, most)


def _soa(copy: Copy) -> dns.rdtypes.ANY.SOA.SOA:
    assert copy.origin is not None
    found = copy.get_rdataset(copy.origin, "SOA")
    assert found is not None
    soa = found[0]
    assert isinstance(soa, dns.rdtypes.ANY.SOA.SOA)
    return soa


async def _serial(origin: dns.name.Name, primary: Endpoint, key: Key | None) -> int:
    query = dns.message.make_query(origin, "SOA", flags=0)
    _sign(query, key)
    reply, _ = await dns.asyncquery.udp_with_fallback(
        query, str(primary.address), SOA_WITHIN, primary.port, ignore_unexpected=True
    )
    if reply.rcode() != dns.rcode.NOERROR:
        raise NotTransferred(f"{primary} says {dns.rcode.to_text(reply.rcode())}")
    if key is not None and not reply.had_tsig:
        raise NotTransferred(f"{primary} has not signed its answer")
    found = reply.get_rrset(reply.answer, origin, query.question[0].rdclass, dns.rdatatype.SOA)
    if found is None or not reply.flags & dns.flags.AA:
        raise NotTransferred(f"{primary} is no authority for {origin}")
    soa = found[0]
    assert isinstance(soa, dns.rdtypes.ANY.SOA.SOA)
    return soa.serial


async def _copied(origin: dns.name.Name, primary: Endpoint, key: Key | None, copy: Copy | None, most: int) -> Copy:
    """By IXFR from the copy, or by AXFR where there is none."""
    after = await asyncio.to_thread(_begun, origin, copy)
    query, serial = dns.xfr.make_query(after, serial=0 if copy is not None else None)
    _sign(query, key)
    inbound = dns.xfr.Inbound(after, query.question[0].rdtype, serial, transaction_setup=_set_up)
    async with asyncio.timeout(MESSAGE_WITHIN):
        stream = await asyncio.open_connection(str(primary.address), primary.port)
    try:
        with inbound:
            await _receive(stream, query, inbound, primary, most)
    except TimeoutError:
        raise
    except Exception as error:  # it does not apply, or is cut short; there are servers that hang up at the question
        if copy is None:
            raise
        raise _NoIxfr from error
    finally:
        stream[1].close()
    return after


def _begun(origin: dns.name.Name, copy: Copy | None) -> Copy:
    """What differences are laid over: the copy that is served stays as it is."""
    after = dns.zone.Zone(origin, relativize=False)
    if copy is not None:
        with copy.reader() as before, after.writer(replacement=True) as begun:
            for name, rdataset in before.iterate_rdatasets():
                begun.replace(name, rdataset)
    return after


def _set_up(transaction: dns.transaction.Transaction) -> None:
    transaction.check_put_rdataset(_check)


def _check(transaction: dns.transaction.Transaction, name: dns.name.Name, added: dns.rdataset.Rdataset) -> None:
    """What a master file may not have either; dnspython would keep the last that came. Raises ValueError."""
    rtype = added.rdtype
    if rtype == dns.rdatatype.SOA:  # each difference brings another one
        return
    if rtype == dns.rdatatype.NONE or dns.rdatatype.is_metatype(rtype):
        raise ValueError(f"{name} has records of type {int(rtype)}, which none may have")
    node = transaction.get_node(name)
    if node is None:
        return
    kinds = {node.classify(), dns.node.NodeKind.classify_rdataset(added)}
    if {dns.node.NodeKind.CNAME, dns.node.NodeKind.REGULAR} <= kinds:
        raise ValueError(f"{name} has a CNAME and other data")
    there = node.get_rdataset(added.rdclass, rtype, added.covers) if dns.rdatatype.is_singleton(rtype) else None
    if there and there[0] != added[0]:
        raise ValueError(f"{name} has two records of type {dns.rdatatype.to_text(rtype)}")


async def _receive(
    stream: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    query: dns.message.QueryMessage,
    inbound: dns.xfr.Inbound,
    primary: Endpoint,
    most: int,
) -> None:
    reader, writer = stream
    wire = query.to_wire()
    writer.write(len(wire).to_bytes(2, "big") + wire)
    context = None
    octets = 0
    done = False
    while not done:
        async with asyncio.timeout(MESSAGE_WITHIN):
            try:
                message = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
            except asyncio.IncompleteReadError:
                raise NotTransferred(f"{primary} broke off in the middle") from None
        octets += len(message)
        if octets > most:
            raise NotTransferred(f"{primary} sends more than {most} octets; geodns copies no larger zones")
        # In a thread: a message may hold thousands of records, and probes must not wait for them.
        done, context = await asyncio.to_thread(_take, message, query, inbound, context)


def _take(
    octets: bytes, query: dns.message.QueryMessage, inbound: dns.xfr.Inbound, context: dns.tsig.HMACTSig | None
) -> tuple[bool, dns.tsig.HMACTSig | None]:
    message = dns.message.from_wire(
        octets,
        keyring=query.keyring,
        request_mac=query.mac,
        xfr=True,
        tsig_ctx=context,
        multi=True,
        one_rr_per_rrset=query.question[0].rdtype == dns.rdatatype.IXFR,
    )
    if message.id != query.id or not message.flags & dns.flags.QR:
        raise ValueError("the message is no reply to the question")
    done = inbound.process_message(message)
    if done and query.keyring and not message.had_tsig:
        raise ValueError("the last message is not signed")
    return done, message.tsig_ctx


def _sign(query: dns.message.Message, key: Key | None) -> None:
    if key is not None:
        name = dns.name.from_wire(key.name, 0)[0]
        query.use_tsig({name: dns.tsig.Key(name, key.secret, key.algorithm)}, name)
