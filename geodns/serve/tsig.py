"""Messages that are signed (TSIG, RFC 8945): whose they are, and the signing of what is said in return.

    verify(packet, outline, keys, now) → Session: the message without the signature, and the signing of its replies
                                       | Rejected: what is wrong, and the signed or unsigned error that says so

The digests are dnspython's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from struct import pack

import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TSIG
import dns.tsig

from geodns.answer.wire import ANY_CLASS, TSIG
from geodns.model.name import Name
from geodns.model.transfer import Key
from geodns.serve.outline import Malformed, Outline, Signature

Rdata = dns.rdtypes.ANY.TSIG.TSIG
Context = dns.tsig.HMACTSig

BADSIG, BADKEY, BADTIME, BADTRUNC = 16, 17, 18, 22  # RFC 8945 §3
_SAID = {
    BADSIG: "the signature does not fit (BADSIG)",
    BADKEY: "there is no such key, or it has another algorithm (BADKEY)",
    BADTIME: "the clocks of the two servers differ too much (BADTIME)",
    BADTRUNC: "the signature is cut short (BADTRUNC)",
}
FUDGE = 300  # seconds: RFC 8945 §10 recommends them
_SHORTEST_MAC = 10  # octets, RFC 8945 §5.2.2.1
_ARCOUNT = slice(10, 12)


class Session:
    """One signed message that is as its signer made it, and the signing of the replies to it.

    `message`: as it was before it was signed. `key`: its name.
    """

    def __init__(self, message: bytes, key: Key, signature: Signature) -> None:
        self.message = message
        self.key = key.name
        self.size = len(key.name) + len(_algorithm_of(key)) + _mac_size(key) + 26  # octets that a signature takes
        self._key = _key_of(key)
        self._signature = signature
        self._id = int.from_bytes(message[:2], "big")
        self._context: Context | None = None

    def sign(self, reply: bytes, now: float) -> bytes:
        """The only reply."""
        rdata, _ = _sign(reply, self._key, self._rdata(0), int(now), self._signature.mac)
        return _with(reply, self._key.name, rdata)

    def sign_next(self, message: bytes, now: float) -> bytes:
        """The next of several (RFC 8945 §5.3.1)."""
        rdata, self._context = _sign(
            message, self._key, self._rdata(0), int(now), self._signature.mac, self._context, True
        )
        return _with(message, self._key.name, rdata)

    def sign_error(self, reply: bytes, error: int, other: bytes = b"") -> bytes:
        """With the time of the query, so that whoever asked can verify it (RFC 8945 §5.2.3)."""
        rdata = self._rdata(error, other)
        signed, _ = _sign(reply, self._key, rdata, self._signature.time, self._signature.mac)
        return _with(reply, self._key.name, signed)

    def _rdata(self, error: int, other: bytes = b"") -> Rdata:
        return _rdata(self._key.algorithm, self._signature.time, FUDGE, self._id, error, other)


@dataclass(frozen=True, slots=True)
class Rejected:
    """`session` None: the error goes unsigned, for the two sides share no key (RFC 8945 §5.3.2)."""

    error: int
    signature: Signature
    session: Session | None = None
    other: bytes = b""

    def __str__(self) -> str:
        return _SAID[self.error]

    def sign(self, reply: bytes) -> bytes:
        if self.session is not None:
            return self.session.sign_error(reply, self.error, self.other)
        algorithm = dns.name.from_wire(self.signature.algorithm, 0)[0]
        key = dns.name.from_wire(self.signature.key, 0)[0]
        id_ = int.from_bytes(reply[:2], "big")
        return _with(reply, key, _rdata(algorithm, self.signature.time, FUDGE, id_, self.error, b""))


def verify(packet: bytes, outline: Outline, keys: Mapping[Name, Key], now: float) -> Session | Rejected:
    """Of a message with a signature. In the order of RFC 8945 §5.2: key, MAC, time, truncation. Raises Malformed."""
    signature = outline.signature
    assert signature is not None, "asked only of signed messages"
    key = keys.get(Name(signature.key))
    if key is None or _algorithm_of(key) != signature.algorithm:
        return Rejected(BADKEY, signature)
    records = int.from_bytes(packet[_ARCOUNT], "big") - 1
    message = packet[:10] + records.to_bytes(2, "big") + packet[12 : signature.start]
    session = Session(message, key, signature)
    size = _mac_size(key)
    given = len(signature.mac)
    if given > size or given < max(_SHORTEST_MAC, size // 2):
        raise Malformed("a MAC of a size that none has")
    if not compare_digest(_mac(message, key, signature)[:given], signature.mac):
        return Rejected(BADSIG, signature)
    if abs(int(now) - signature.time) > signature.fudge:
        return Rejected(BADTIME, signature, session, int(now).to_bytes(6, "big"))
    if given < size:
        return Rejected(BADTRUNC, signature, session)
    return session


def _mac(message: bytes, key: Key, signature: Signature) -> bytes:
    known = _key_of(key)
    time, fudge = signature.time, signature.fudge
    rdata = _rdata(known.algorithm, time, fudge, signature.original_id, signature.error, signature.other)
    signed, _ = _sign(message, known, rdata, time)
    mac: bytes = signed.mac
    return mac


def _sign(
    message: bytes,
    key: dns.tsig.Key,
    rdata: Rdata,
    time: int,
    request_mac: bytes = b"",
    context: Context | None = None,
    multi: bool = False,
) -> tuple[Rdata, Context | None]:
    """The record with its MAC; and, of several messages, what the next one's goes on from."""
    signed: Rdata
    signed, after = dns.tsig.sign(message, key, rdata, time, request_mac, context, multi)  # type: ignore[no-untyped-call]
    return signed, after


def _rdata(algorithm: dns.name.Name, time: int, fudge: int, id_: int, error: int, other: bytes) -> Rdata:
    of_any, of_tsig = dns.rdataclass.ANY, dns.rdatatype.TSIG
    return Rdata(of_any, of_tsig, algorithm, time, fudge, b"", id_, error, other)  # type: ignore[no-untyped-call]


def _with(message: bytes, key: dns.name.Name, rdata: Rdata) -> bytes:
    owner, data = key.to_wire(), rdata.to_wire()
    assert owner is not None
    assert data is not None
    records = int.from_bytes(message[_ARCOUNT], "big") + 1
    head = message[:10] + records.to_bytes(2, "big")
    return head + message[12:] + owner + pack("!HHIH", TSIG, ANY_CLASS, 0, len(data)) + data


def _key_of(key: Key) -> dns.tsig.Key:
    return dns.tsig.Key(dns.name.from_wire(key.name, 0)[0], key.secret, dns.name.from_text(key.algorithm))


def _algorithm_of(key: Key) -> bytes:
    label = key.algorithm.encode()
    return bytes((len(label),)) + label + b"\0"


def _mac_size(key: Key) -> int:
    return dns.tsig.mac_sizes[dns.name.from_text(key.algorithm)]
