"""A resolver on loopback that says what a test wants it to say."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from geodns.config.networks import parse_endpoint
from geodns.model.endpoint import Endpoint

SOA = "ns.example.net. hostmaster.example.net. 1 3600 900 1209600 {negative}"


class Upstream(asyncio.DatagramProtocol):
    """`says`: by `name type` the records of the answer, as `name ttl IN type data`; or a response code; or nothing,
    then it is silent. What is not there is NXDOMAIN."""

    def __init__(self) -> None:
        self.says: dict[str, str | list[str] | None] = {}
        self.asked: Counter[str] = Counter()
        self.negative = 60
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        key = f"{query.question[0].name} {dns.rdatatype.to_text(query.question[0].rdtype)}"
        self.asked[key] += 1
        said = self.says.get(key, "NXDOMAIN")
        if said is not None and self._transport is not None:
            self._transport.sendto(self._reply(query, said).to_wire(), addr)

    def _reply(self, query: dns.message.Message, said: str | list[str]) -> dns.message.Message:
        reply = dns.message.make_response(query, recursion_available=True)
        if isinstance(said, str) and said != "NODATA":
            reply.set_rcode(dns.rcode.from_text(said))
        for line in said if isinstance(said, list) else ():
            name, ttl, kind, rtype, *data = line.split()
            reply.answer.append(dns.rrset.from_text(name, int(ttl), kind, rtype, " ".join(data)))
        if said in ("NODATA", "NXDOMAIN"):
            soa = SOA.format(negative=self.negative)
            reply.authority.append(dns.rrset.from_text("example.net.", 3600, "IN", "SOA", soa))
        return reply


@asynccontextmanager
async def upstream() -> AsyncIterator[tuple[Upstream, Endpoint]]:
    """With the address that it has."""
    loop = asyncio.get_running_loop()
    transport, answering = await loop.create_datagram_endpoint(Upstream, local_addr=("127.0.0.1", 0))
    try:
        host, port = transport.get_extra_info("sockname")
        yield answering, parse_endpoint(f"{host}:{port}")
    finally:
        transport.close()
