"""Questions with a client's subnet, many at once by one socket; the number in its header tells whose a reply is."""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import ip_network

import dns.edns
import dns.message
import dns.rcode

from geodns.model.place import Address, Network
from tests.scenarios.server import LOCAL, PATIENCE

MANY = 50  # few enough for the buffers of every socket on the way


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """The longest prefixes that a resolver passes on."""

    v4: int
    v6: int

    def cut(self, subnet: Network) -> Network:
        widest = self.v4 if subnet.version == 4 else self.v6
        return subnet.supernet(new_prefix=widest) if subnet.prefixlen > widest else subnet


@dataclass(frozen=True, slots=True)
class Question:
    """`subnet` None: without one."""

    name: str
    rtype: str
    subnet: Network | None

    def cut_to(self, widths: Widths) -> "Question":
        return self if self.subnet is None else replace(self, subnet=widths.cut(self.subnet))


@dataclass(frozen=True, slots=True)
class Answer:
    rcode: str
    addresses: frozenset[str]


def subnet_of(client: Address, length: int | None = None) -> Network:
    """The client's address alone, or a prefix around it."""
    return ip_network((client, client.max_prefixlen if length is None else length), strict=False)


def ask(port: int, questions: Sequence[Question], at_once: int = MANY) -> list[Answer]:
    """In the order of the questions. `at_once`: how many are under way before the first of them is answered."""
    answers: list[Answer] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE)
        sock.connect((LOCAL, port))
        for first in range(0, len(questions), at_once):
            answers += _ask_at_once(sock, questions[first : first + at_once])
    return answers


def _ask_at_once(sock: socket.socket, questions: Sequence[Question]) -> Iterator[Answer]:
    for number, question in enumerate(questions):
        sock.send(number.to_bytes(2, "big") + _packet(question)[2:])
    replies = [dns.message.from_wire(sock.recv(4096)) for _ in questions]
    for number, reply in enumerate(sorted(replies, key=lambda each: each.id)):
        assert reply.id == number
        assert str(reply.question[0].name) == f"{questions[number].name}.example.com."
        yield Answer(dns.rcode.to_text(reply.rcode()), _addresses(reply))


@cache
def _packet(question: Question) -> bytes:
    subnet = question.subnet
    options: list[dns.edns.Option] = []
    if subnet is not None:
        options.append(dns.edns.ECSOption(str(subnet.network_address), subnet.prefixlen))
    query = dns.message.make_query(f"{question.name}.example.com", question.rtype, use_edns=0, options=options)
    return query.to_wire()


def _addresses(reply: dns.message.Message) -> frozenset[str]:
    return frozenset(rdata.to_text() for rrset in reply.answer for rdata in rrset)
