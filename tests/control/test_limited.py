"""What workers note of limited prefixes, and what is said of it."""

import logging
import mmap
import os
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from geodns.answer import crowd
from geodns.answer.limiter import Limiter
from geodns.answer.limits import SECRET, fresh_memory, limiter_for
from geodns.answer.memory import private_memory
from geodns.answer.query import Query
from geodns.answer.reply import answer
from geodns.answer.terms import UDP
from geodns.control.limited import TELL, Limited, lines
from geodns.model.rate_limit import RateLimit
from tests.answer.packets import query, question
from tests.values import zone
from tests.world import table_of

LIMIT = RateLimit(responses=1, slip=0, size=1024, ipv4_prefix=20, ipv6_prefix=48)


class Server:
    """A worker's answers, and control's eye on them."""

    def __init__(self, fd: int, limit: RateLimit) -> None:
        os.write(fd, fresh_memory(limit, bytes(range(SECRET))))
        self.limiter: Limiter = limiter_for(limit, memoryview(mmap.mmap(fd, 0)))
        self.memory = private_memory(limiter=self.limiter)
        self.table = table_of([zone()])
        self.limited = Limited(fd)

    def ask(self, client: str, times: int) -> None:
        scratch, packet = Query(), memoryview(query(asked=question()))
        for _ in range(times):
            address = memoryview(ip_address(client).packed)
            scratch.take(packet, len(packet), address, UDP, memoryview(bytearray(512)))
            answer(self.table, scratch, self.memory)


@pytest.fixture
def fd() -> Iterator[int]:
    fd = os.memfd_create("test-accounts")
    yield fd
    os.close(fd)


def test_prefixes_are_told_once_the_largest_first(fd: int) -> None:
    server = Server(fd, LIMIT)
    server.ask("192.0.2.1", 5)
    server.ask("2001:db8::1", 9)
    server.ask("::7", 3)
    server.limited.look()
    assert list(server.limited.recent.items()) == [
        (ip_network("2001:db8::/48"), 8),
        (ip_network("192.0.0.0/20"), 4),
        (ip_network("::/48"), 2),
    ]
    server.limited.look()
    assert server.limited.recent == {}


def test_of_prefixes_in_one_slot_the_one_with_most_is_told(fd: int) -> None:
    server = Server(fd, LIMIT)
    for number in range(200):
        server.ask(f"10.{number}.0.1", 3)
    for _ in range(10):
        server.ask("192.0.2.1", 100)
        for number in range(200):
            server.ask(f"10.{number}.0.1", 1)
    server.limited.look()
    assert next(iter(server.limited.recent)) == ip_network("192.0.0.0/20")
    assert len(server.limited.recent) <= 64


def test_a_line_comes_at_once_and_then_every_minute(fd: int, caplog: pytest.LogCaptureFixture) -> None:
    server = Server(fd, LIMIT)
    with caplog.at_level(logging.WARNING):
        for _ in range(1 + 2 * TELL):
            server.ask("192.0.2.1", 10)
            server.limited.look()
    assert [record.getMessage() for record in caplog.records] == [
        "rate limit: 9 responses to 192.0.0.0/20 were limited",
        "rate limit: 60 responses to 192.0.0.0/20 were limited",
        "rate limit: 60 responses to 192.0.0.0/20 were limited",
    ]


def test_a_dry_run_says_so(fd: int) -> None:
    limit = RateLimit(responses=1, size=1024, dry_run=True)
    server = Server(fd, limit)
    server.ask("192.0.2.1", 3)
    server.limited.look()
    assert server.limited.is_dry_run
    assert list(lines(server.limited.recent, server.limited.is_dry_run)) == [
        "rate limit: 2 responses to 192.0.2.0/24 would have been limited (dry run)"
    ]


def test_a_line_is_there_for_few_prefixes_only() -> None:
    said = list(lines({ip_network(f"10.0.{number}.0/24"): 100 - number for number in range(50)}, False))
    assert said[0] == "rate limit: 100 responses to 10.0.0.0/24 were limited"
    assert said[5:] == ["rate limit: and some to 45 more prefixes"]


def test_without_a_rate_limit_nobody_is_limited(fd: int) -> None:
    for limited in (Limited(), Limited(fd)):
        limited.look()
        assert (limited.is_on, limited.is_dry_run, limited.recent) == (False, False, {})


def test_slots_are_within_the_memory(fd: int) -> None:
    server = Server(fd, LIMIT)
    for number in range(256):
        server.limiter.client[3] = number << 24
        crowd.note(server.limiter)
    server.limited.look()
    assert server.limited.recent
