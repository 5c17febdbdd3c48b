"""A record's text → wire form. Addresses and plain text by hand, for zones are full of them; the rest by dnspython."""

import struct

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from geodns.config.networks import ipv4_octets, parse_ipv6
from geodns.config.problem import did_you_mean
from geodns.model.name import Name, show
from geodns.model.service import SERVICES

A, NS, CNAME, SOA, MX, TXT, AAAA, DNAME, DS, SPF = 1, 2, 5, 6, 15, 16, 28, 39, 43, 99
ADDRESSES = frozenset((A, AAAA))
SIGNATURES = frozenset((24, 46))  # SIG and RRSIG: a name has a set of them for each type that they cover
MAX_RDATA = 65535
_REFUSALS = (dns.exception.DNSException, ValueError, struct.error)

_EXAMPLES = {
    "CNAME": "www",
    "DNAME": "new",
    "NS": "ns1",
    "PTR": "host.example.com.",
    "MX": "10 mail",
    "SRV": "0 5 443 www",
    "CAA": '0 issue "ca.example.net"',
    "DS": "60485 8 2 D4B7D520…",
    "TLSA": "3 1 1 0C72AC70…",
    "SVCB": "1 . alpn=h2",
    "HTTPS": "1 . alpn=h2,h3",
    "NAPTR": '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .',
}


def parse_type(text: str) -> int:
    """The number of `MX` or `TYPE65280`, as a key of records. Raises ValueError with a sentence for the operator."""
    if text == "ANAME":  # as drafts had it
        raise ValueError("ANAME is called ALIAS here; write ALIAS, with the name that it leads to")
    rtype = _number_of(text)
    if rtype is None:
        raise ValueError(f"unknown record type or key '{text}'{did_you_mean(text, _KEYS)}")
    if rtype == SOA:
        raise ValueError("the SOA is made of the zone's 'soa' key; write it there")
    if _is_for_questions(rtype):
        raise ValueError(f"{text} is for questions and transactions, not for data of a zone")
    return rtype


def parse_asked(text: str) -> int:
    """The same of a type that is asked for. Raises ValueError with a sentence for the operator."""
    rtype = _number_of(text)
    if rtype is None:
        raise ValueError(f"unknown record type '{text}'{did_you_mean(text, _TYPES)}")
    if _is_for_questions(rtype):
        raise ValueError(f"there are no records of the type {text}; ask for one that a zone can have, such as MX")
    return rtype


def _number_of(text: str) -> int | None:
    """None: there is no such type; they are written in capitals."""
    try:
        return int(dns.rdatatype.from_text(text)) if text == text.upper() else None
    except (dns.exception.DNSException, ValueError):
        return None


def _is_for_questions(rtype: int) -> bool:
    """Of the types that no zone has records of."""
    return rtype == 0 or dns.rdatatype.is_metatype(dns.rdatatype.RdataType.make(rtype))


def show_type(rtype: int) -> str:
    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rtype))


def show_rdata(rtype: int, rdata: bytes) -> str:
    """Presentation form, with whole names."""
    return _opened(rtype, rdata).to_text()


def folded(rtype: int, rdata: bytes) -> bytes:
    """Names in lower case: equal octets are data that DNS holds for equal (RFC 4343)."""
    data = _opened(rtype, rdata)
    named = {key: getattr(data, key, None) for key in data.__slots__}
    names = {key: value.canonicalize() for key, value in named.items() if isinstance(value, dns.name.Name)}
    return (data.replace(**names).to_wire() or b"") if names else rdata


def _opened(rtype: int, rdata: bytes) -> dns.rdata.Rdata:
    return dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.RdataType.make(rtype), rdata, 0, len(rdata))


class RdataReader:
    """Reads data of one zone: names in it that have no final dot are the zone's."""

    def __init__(self, origin: Name) -> None:
        self._origin = dns.name.from_text(show(origin))

    def wire(self, rtype: int, text: str) -> bytes:
        """Wire form without compression, case kept. Raises ValueError with a sentence for the operator."""
        if text[:2] == "\\#":  # RFC 3597 §5: any type may be written as octets
            return self._by_dnspython(rtype, text)
        if rtype == A:
            return ipv4_octets(text)
        if rtype == AAAA:
            return parse_ipv6(text).packed
        if rtype in (TXT, SPF) and not text.startswith('"'):
            return _one_text(text)
        return self._by_dnspython(rtype, text)

    def _by_dnspython(self, rtype: int, text: str) -> bytes:
        kind = show_type(rtype)
        if "\n" in text:
            raise ValueError(f"the {kind} data has several lines; write one record in one line, several as a list")
        try:
            wire = self._taken(rtype, text)
        except _REFUSALS as error:
            parameter = self._culprit(rtype, text, str(error)) if rtype in SERVICES else ""
            raise ValueError(_explain(kind, text, f"{parameter}{str(error) or type(error).__name__}")) from None
        if len(wire) > MAX_RDATA:
            raise ValueError(f"the {kind} data has {len(wire)} octets; at most {MAX_RDATA} fit")
        return wire

    def _taken(self, rtype: int, text: str) -> bytes:
        kind = dns.rdatatype.RdataType.make(rtype)
        rdata = dns.rdata.from_text(dns.rdataclass.IN, kind, text, origin=self._origin, relativize=False)
        return rdata.to_wire(origin=self._origin) or b""

    def _culprit(self, rtype: int, text: str, said: str) -> str:
        """`alpn: ` where that parameter by itself is refused in the same words, and they do not name it."""
        for parameter in text.split()[2:]:
            key = parameter.partition("=")[0]
            try:
                self._taken(rtype, f"1 . {parameter}")
            except _REFUSALS as error:
                if str(error) == said:
                    return "" if key in said else f"{key}: "
        return ""


def _one_text(text: str) -> bytes:
    """One text, in as many strings of 255 octets as it takes (RFC 7208 §3.3: readers join them)."""
    octets = text.encode()
    parts = [octets[at : at + 255] for at in range(0, len(octets), 255)] or [b""]
    wire = b"".join(bytes((len(part),)) + part for part in parts)
    if len(wire) > MAX_RDATA:
        raise ValueError(f"the TXT data has {len(wire)} octets; at most {MAX_RDATA} fit")
    return wire


def _explain(kind: str, text: str, said: str) -> str:
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    if not text.strip():
        message = f"the {kind} record has no data"
    else:
        message = f"'{shown}' is no {kind} data: {said}"
    example = _EXAMPLES.get(kind)
    return f"{message}; such as {example}" if example else message


def _known_types() -> tuple[str, ...]:
    every = (kind for kind in dns.rdatatype.RdataType if kind and not dns.rdatatype.is_metatype(kind))
    return tuple(kind.name for kind in every if kind != SOA)


_TYPES = (*_known_types(), "SOA")
_KEYS = (*_known_types(), "ttl", "policy", "pool", "select", "answers", "ALIAS")
