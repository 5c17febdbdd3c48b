"""type: dns, for members that are name servers or resolvers themselves."""

import socket
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from dnslib import EDNS0, QTYPE, RCODE, DNSHeader, DNSLabel, DNSQuestion, DNSRecord

from geodns.model.check import Heard, ProbeFailed
from geodns.model.name import labels, parse_name
from geodns.model.place import Address
from geodns.probe.connection import Plain, connect
from geodns.probe.failure import failure
from geodns.probe.registry import probe
from geodns.probe.request import check_port

PAYLOAD = 1232  # octets of an answer by UDP that no network on the way cuts up (RFC 9715)
_PREFIX = 2  # octets of length before a message by TCP (RFC 1035 §4.2.2)

_RCODES = dict(RCODE.reverse)
_QTYPES = {name: number for name, number in QTYPE.reverse.items() if name not in ("OPT", "TSIG", "AXFR", "IXFR")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The response codes that pass, and the data that a record of the answer must have, as `dig +short` shows it."""

    rcode: tuple[str, ...] = ("NOERROR",)
    answer: str | None = None

    def __post_init__(self) -> None:
        if not self.rcode:
            raise ValueError("rcode lists nothing, so no answer would pass; write [NOERROR], or leave it out")
        for name in self.rcode:
            if name not in _RCODES:
                raise ValueError(f"{name!r} is no response code; write one of {', '.join(_RCODES)}")
        if self.answer is not None and not self.answer.strip():
            raise ValueError("answer is empty; give the data of a record, such as 192.0.2.1, or leave it out")

    def judge(self, reply: DNSRecord, answer: Sequence[str]) -> str:
        """What is told of a reply that passes; raises ProbeFailed where it does not. `answer`: its records' data."""
        rcode = RCODE.get(reply.header.rcode)
        if rcode not in self.rcode:
            raise ProbeFailed(f"says {rcode}, wanted {', '.join(self.rcode)}")
        if self.answer is not None and not any(_are_alike(data, self.answer) for data in answer):
            cut = ", which is cut off: write transport: tcp" if reply.header.tc else ""
            raise ProbeFailed(f"no {self.answer!r} in its answer{cut}")
        return f"{rcode}, {len(answer)} record{'' if len(answer) == 1 else 's'}"


def _are_alike(data: str, wanted: str) -> bool:
    """Names in data are compared as DNS does, so all of it is."""
    return data.casefold().split() == wanted.casefold().split()


ANSWERED = Expected()


@probe("dns")
@dataclass(frozen=True, slots=True, kw_only=True)
class Dns:
    """The member answers a DNS query as expected. Recursion is desired; name servers pass that over."""

    name: str
    qtype: str = "A"
    port: int = 53
    transport: Literal["udp", "tcp"] = "udp"
    expect: Expected = ANSWERED

    def __post_init__(self) -> None:
        check_port(self.port)
        parse_name(self.name)
        if self.qtype not in _QTYPES:
            raise ValueError(f"{self.qtype!r} is no type that can be asked for; write it as A, AAAA, NS, SOA, TXT")

    async def ask(self, address: Address) -> Heard:
        query = self._query()
        exchange, kind = (_by_udp, socket.SOCK_DGRAM) if self.transport == "udp" else (_by_tcp, socket.SOCK_STREAM)
        try:
            with closing(await connect(address, self.port, kind)) as plain:
                octets = await exchange(plain, bytes(query.pack()))
        except OSError as error:
            raise failure(error) from error
        return Heard(_judge(octets, query, self.expect))

    def _query(self) -> DNSRecord:
        """With an id of its own, at random (RFC 5452 §9.2)."""
        name = DNSLabel(tuple(labels(parse_name(self.name))))
        question = DNSQuestion(name, _QTYPES[self.qtype])
        return DNSRecord(DNSHeader(rd=1), q=question, ar=[EDNS0(udp_len=PAYLOAD)])


async def _by_udp(plain: Plain, query: bytes) -> bytes:
    await plain.send(query)
    return await plain.receive()


async def _by_tcp(plain: Plain, query: bytes) -> bytes:
    await plain.send(len(query).to_bytes(_PREFIX, "big") + query)
    octets = b""
    while len(octets) < _PREFIX or len(octets) < _PREFIX + int.from_bytes(octets[:_PREFIX], "big"):
        more = await plain.receive()
        if not more:
            raise ConnectionResetError
        octets += more
    return octets[_PREFIX:]


def _judge(octets: bytes, query: DNSRecord, expect: Expected) -> str:
    try:
        reply = DNSRecord.parse(octets)
        answer = [str(each.rdata) for each in reply.rr]
    except Exception as error:  # DNSError is what dnslib means to raise; hostile octets bring others
        raise ProbeFailed("no valid DNS answer") from error
    # One without a question is from a server that could not read ours.
    if not reply.header.qr or reply.header.id != query.header.id or (reply.questions and reply.q != query.q):
        raise ProbeFailed("the answer is to another question")
    return expect.judge(reply, answer)
