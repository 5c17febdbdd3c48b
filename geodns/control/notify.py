"""A NOTIFY, and what the reply to it says (RFC 1996; signed: RFC 8945). Pure, but for the time in a signature."""

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig

from geodns.model.name import Name
from geodns.model.transfer import Key


def notification(zone: Name, soa: bytes, ttl: int, key: Key | None, id_: int) -> dns.message.QueryMessage:
    """With the new SOA, so that a secondary that has it already asks for nothing (RFC 1996 §3.7)."""
    name = _name(zone)
    message = dns.message.make_query(name, dns.rdatatype.SOA, id=id_, flags=dns.flags.AA)
    message.set_opcode(dns.opcode.NOTIFY)
    rdata = dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.SOA, soa, 0, len(soa))
    message.answer.append(dns.rrset.from_rdata(name, ttl, rdata))
    if key is not None:
        keyring = _keyring(key)
        message.use_tsig(keyring, next(iter(keyring)), algorithm=keyring[_name(key.name)].algorithm)
    return message


def said_in_reply(octets: bytes, message: dns.message.QueryMessage, key: Key | None) -> str | None:
    """Empty: it was taken. Else the error that came; None where it is no reply to the message."""
    try:
        reply = dns.message.from_wire(
            octets, keyring=_keyring(key) if key is not None else None, request_mac=message.mac
        )
    except dns.tsig.PeerError as error:
        return str(error)
    except Exception:  # DNSException is what dnspython means to raise; hostile octets bring others
        return None
    if reply.id != message.id or not reply.flags & dns.flags.QR or reply.opcode() != dns.opcode.NOTIFY:
        return None
    if key is not None and not reply.had_tsig:
        # Without a signature anybody might have said so.
        return None
    return "" if reply.rcode() == dns.rcode.NOERROR else f"it replied {dns.rcode.to_text(reply.rcode())}"


def _keyring(key: Key) -> dict[dns.name.Name, dns.tsig.Key]:
    name = _name(key.name)
    return {name: dns.tsig.Key(name, key.secret, key.algorithm)}


def _name(name: Name) -> dns.name.Name:
    return dns.name.from_wire(name, 0)[0]
