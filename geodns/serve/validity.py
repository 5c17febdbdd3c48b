"""From when to when a certificate holds: read from its DER, since Python's ssl tells it of a peer's certificate only.

Certificate ::= SEQUENCE { tbsCertificate SEQUENCE { [0] version, serial, algorithm, issuer, validity, … }, … }
validity    ::= SEQUENCE { notBefore Time, notAfter Time }                                     (RFC 5280 §4.1)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_VERSION, _UTC_TIME = 0xA0, 0x17
_FORMS = {_UTC_TIME: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}


@dataclass(frozen=True, slots=True)
class Validity:
    """Seconds since 1970."""

    begins: float
    expires: float


def validity_of(der: bytes) -> Validity:
    """Raises ValueError where it is no certificate."""
    try:
        return _read(der)
    except (IndexError, StopIteration, KeyError, UnicodeDecodeError) as error:
        raise ValueError("not a certificate") from error


def _read(der: bytes) -> Validity:
    _, certificate = next(_parts(der))
    _, signed = next(_parts(certificate))
    parts = [(tag, content) for tag, content in _parts(signed) if tag != _VERSION]
    _serial, _algorithm, _issuer, (_, validity), *_ = parts
    begins, expires = (_time(tag, content) for tag, content in _parts(validity))
    return Validity(begins, expires)


def _parts(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents of a sequence, one after the other."""
    at = 0
    while at < len(octets):
        tag, size, at = octets[at], octets[at + 1], at + 2
        if size & 0x80:
            long = size & 0x7F
            size, at = int.from_bytes(octets[at : at + long], "big"), at + long
        if at + size > len(octets):
            raise IndexError("broken off")
        yield tag, octets[at : at + size]
        at += size


def _time(tag: int, content: bytes) -> float:
    moment = datetime.strptime(content.decode("ascii"), _FORMS[tag]).replace(tzinfo=UTC)
    if tag == _UTC_TIME and moment.year >= 2050:  # RFC 5280 §4.1.2.5.1: two digits from 50 on are of 19xx
        moment = moment.replace(year=moment.year - 100)
    return moment.timestamp()
