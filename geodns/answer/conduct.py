"""How this server behaves toward everybody, whatever the zone: what it is told at the start."""

from struct import pack

from geodns.answer import terms, wire


class Conduct:
    """`payload`: octets that a UDP reply may have, and that the OPT record says we take.

    `cookies`: what to do with them, one of terms. `identity`, `version`: what CHAOS questions and NSID are told; empty:
    nothing. `keepalive`: for how long a stream may be idle, in tenths of a second. `extended`: 1 where replies may have
    extended errors.
    """

    __slots__ = ("cookies", "extended", "identity", "keepalive", "payload", "version")

    def __init__(
        self,
        *,
        payload: int = terms.DATAGRAM,
        cookies: int = terms.COOKIES_OFF,
        identity: bytes = b"",
        version: bytes = b"",
        keepalive: int = 100,
        extended: int = 1,
    ) -> None:
        self.payload = payload
        self.cookies = cookies
        self.identity = text_record(identity)
        self.version = text_record(version)
        self.keepalive = keepalive
        self.extended = extended


def text_record(text: bytes) -> memoryview:
    """The text as a TXT record of class CHAOS, whose owner is the question's name; nothing where there is none.

    RFC 4892 §3: the TTL is 0, as nothing is to be kept of what tells one server of many.
    """
    if not text:
        return memoryview(b"")
    head = pack("!HHHIHB", 0xC000 | wire.HEADER, wire.TXT, wire.CHAOS, 0, 1 + len(text), len(text))
    return memoryview(head + text)
