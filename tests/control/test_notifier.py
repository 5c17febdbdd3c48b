"""Secondaries are told of changes until they acknowledge, over real sockets on loopback addresses."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import pytest

from geodns.control.notifier import TRIES, Notifier, Word, source_for
from geodns.model.endpoint import Endpoint
from geodns.model.transfer import Key, Told
from geodns.model.zone import Zone
from tests import values
from tests.control.waiting import PATIENCE
from tests.copies import KEY, copied, keyring

pytestmark = pytest.mark.sockets

Reply = Callable[[dns.message.Message], list[bytes]]
LOCAL = ip_address("127.0.0.1")
OTHER = Key(name=KEY.name, algorithm=KEY.algorithm, secret=bytes(32))


class Secondary(asyncio.DatagramProtocol):
    """Notes what it is told, and says what the test says."""

    def __init__(self, reply: Reply, key: Key | None) -> None:
        self.told: list[dns.message.Message] = []
        self.sources: list[str] = []
        self._reply = reply
        self._key = key

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, octets: bytes, source: tuple[str, int]) -> None:
        message = dns.message.from_wire(octets, keyring=keyring(self._key) if self._key else None)
        self.told.append(message)
        self.sources.append(source[0])
        for reply in self._reply(message):
            self.transport.sendto(reply, source)  # type: ignore[attr-defined]


def acknowledge(message: dns.message.Message) -> list[bytes]:
    return [dns.message.make_response(message).to_wire()]


def says(rcode: dns.rcode.Rcode) -> Reply:
    def reply(message: dns.message.Message) -> list[bytes]:
        response = dns.message.make_response(message)
        response.set_rcode(rcode)
        return [response.to_wire()]

    return reply


def nothing(message: dns.message.Message) -> list[bytes]:
    return []


@asynccontextmanager
async def secondary(reply: Reply = acknowledge, key: Key | None = None) -> AsyncIterator[tuple[Secondary, Told]]:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: Secondary(reply, key), ("127.0.0.1", 0))
    try:
        yield protocol, Told(Endpoint(LOCAL, transport.get_extra_info("sockname")[1]), key)
    finally:
        transport.close()


def zone(*told: Told) -> Zone:
    return copied(values.zone(), notify=told)


async def yes(generation: int) -> bool:
    return True


@asynccontextmanager
async def notifying(served: Callable[[int], object] = yes, first_wait: float = 0.05) -> AsyncIterator[Notifier]:
    notifier = Notifier(served, first_wait=first_wait)  # type: ignore[arg-type]
    running = asyncio.create_task(notifier.run())
    try:
        yield notifier
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def tell(notifier: Notifier, serial: int, *zones: Zone, listen: str = "127.0.0.1") -> None:
    notifier.tell(zones, lambda _: serial, 1, [Endpoint(ip_address(listen), 53)])


async def until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "not in time"
        await asyncio.sleep(0.01)


def word(notifier: Notifier) -> Word:
    (only,) = notifier.words.values()
    return only


def run(scenario: object) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(2 * PATIENCE):
            await scenario  # type: ignore[misc]

    asyncio.run(bounded())


@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_who_is_told_gets_the_new_soa_and_acknowledges(key: Key | None) -> None:
    async def scenario() -> None:
        async with secondary(key=key) as (peer, told), notifying() as notifier:
            tell(notifier, 7, zone(told))
            await until(lambda: word(notifier).acknowledged is True)
            (message,) = peer.told
            assert message.opcode() == dns.opcode.NOTIFY
            assert message.flags & (dns.flags.AA | dns.flags.RD | dns.flags.QR) == dns.flags.AA
            assert message.question[0].to_text() == "example.com. IN SOA"
            assert message.answer[0][0].serial == 7
            assert message.had_tsig == (key is not None)
            assert (word(notifier).serial, word(notifier).tries, word(notifier).error) == (7, 1, "")

    run(scenario())


def test_who_says_nothing_is_told_five_times_and_that_is_all() -> None:
    async def scenario() -> None:
        async with secondary(nothing) as (peer, told), notifying() as notifier:
            tell(notifier, 7, zone(told))
            await until(lambda: word(notifier).acknowledged is False)
            assert len(peer.told) == TRIES == word(notifier).tries
            assert word(notifier).error == "it does not reply"

    run(scenario())


@pytest.mark.parametrize(
    ("reply", "key", "error"),
    [
        (says(dns.rcode.NOTAUTH), None, "it replied NOTAUTH"),
        (says(dns.rcode.REFUSED), KEY, "it replied REFUSED"),
    ],
)
def test_an_error_is_a_reply_too(reply: Reply, key: Key | None, error: str) -> None:
    async def scenario() -> None:
        async with secondary(reply, key) as (peer, told), notifying() as notifier:
            tell(notifier, 7, zone(told))
            await until(lambda: word(notifier).acknowledged is False)
            assert len(peer.told) == 1
            assert word(notifier).error == error

    run(scenario())


def unsigned(message: dns.message.Message) -> list[bytes]:
    response = dns.message.make_response(message)
    response.tsig = None
    response.keyring = None
    return [response.to_wire()]


def with_another_secret(message: dns.message.Message) -> list[bytes]:
    response = dns.message.make_response(message)
    response.keyring = next(iter(keyring(OTHER).values()))
    return [response.to_wire()]


def rubbish(message: dns.message.Message) -> list[bytes]:
    octets = message.to_wire()
    return [octets[:2], octets[:12], octets, octets[:2] + bytes(range(200)), octets[:-5] + bytes(5)]


@pytest.mark.parametrize("reply", [unsigned, with_another_secret, rubbish])
def test_what_is_no_reply_of_who_has_the_key_counts_for_nothing(reply: Reply) -> None:
    async def scenario() -> None:
        async with secondary(reply, KEY) as (peer, told), notifying() as notifier:
            tell(notifier, 7, zone(told))
            await until(lambda: word(notifier).acknowledged is False)
            assert len(peer.told) == TRIES

    run(scenario())


def test_who_knows_is_told_again_when_the_serial_has_changed_and_only_then() -> None:
    async def scenario() -> None:
        async with secondary() as (peer, told), notifying() as notifier:
            for serial in (7, 7, 8, 8):
                tell(notifier, serial, zone(told))
                await until(lambda: word(notifier).acknowledged is True)
            assert [message.answer[0][0].serial for message in peer.told] == [7, 8]

    run(scenario())


def test_a_change_while_one_is_told_takes_its_place() -> None:
    async def scenario() -> None:
        async with secondary(nothing) as (peer, told), notifying(first_wait=5.0) as notifier:
            tell(notifier, 7, zone(told))
            await until(lambda: len(peer.told) == 1)
            tell(notifier, 8, zone(told))
            await until(lambda: len(peer.told) == 2)
            assert (word(notifier).serial, word(notifier).acknowledged) == (8, None)

    run(scenario())


def test_who_is_not_to_be_told_any_more_is_forgotten() -> None:
    async def scenario() -> None:
        async with secondary(nothing) as (peer, told), notifying() as notifier:
            tell(notifier, 7, zone(told))
            await until(lambda: len(peer.told) == 1)
            tell(notifier, 8, zone())
            assert notifier.words == {}

    run(scenario())


def test_nobody_is_told_of_a_zone_that_is_not_to_be_had_until_it_is_again() -> None:
    async def scenario() -> None:
        async with secondary() as (peer, told), notifying() as notifier:
            for _ in range(2):
                tell(notifier, 7, replace(zone(told), is_void=True))
                assert notifier.words == {}
                tell(notifier, 7, zone(told))
                await until(lambda: word(notifier).acknowledged is True)
            assert [message.answer[0][0].serial for message in peer.told] == [7, 7]

    run(scenario())


def test_nobody_is_told_before_the_change_is_served() -> None:
    async def scenario() -> None:
        serving = asyncio.Event()

        async def served(generation: int) -> bool:
            return serving.is_set()

        async with secondary() as (peer, told), notifying(served) as notifier:
            tell(notifier, 7, zone(told))
            await asyncio.sleep(0.3)
            assert peer.told == []
            serving.set()
            await until(lambda: word(notifier).acknowledged is True)

    run(scenario())


def test_a_secondary_that_cannot_be_reached_holds_up_no_other() -> None:
    async def scenario() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
            closed.bind(("127.0.0.1", 0))
            gone = Told(Endpoint(LOCAL, closed.getsockname()[1]), None)
        v6 = Told(Endpoint(ip_address("2001:db8::1"), 53), None)
        async with secondary() as (_, told), notifying(first_wait=0.01) as notifier:
            tell(notifier, 7, zone(gone, v6, told))
            await until(lambda: all(each.acknowledged is not None for each in notifier.words.values()))
            states = {each: said.acknowledged for (_, each), said in notifier.words.items()}
            assert states == {gone: False, v6: False, told: True}

    run(scenario())


def test_secondaries_see_the_address_that_is_listened_on() -> None:
    async def scenario() -> None:
        async with secondary() as (peer, told), notifying() as notifier:
            tell(notifier, 7, zone(told), listen="127.0.0.9")
            await until(lambda: word(notifier).acknowledged is True)
            assert peer.sources == ["127.0.0.9"]

    run(scenario())


@pytest.mark.parametrize(
    ("to", "listen", "source"),
    [
        ("192.0.2.53", ["198.51.100.1"], "198.51.100.1"),
        ("192.0.2.53", ["127.0.0.1", "198.51.100.1"], "198.51.100.1"),
        ("192.0.2.53", ["0.0.0.0"], None),
        ("192.0.2.53", ["2001:db8::1"], None),
        ("2001:db8::53", ["198.51.100.1", "2001:db8::1"], "2001:db8::1"),
        ("127.0.0.53", ["198.51.100.1", "127.0.0.1"], "127.0.0.1"),
    ],
)
def test_the_source_is_the_first_address_that_fits(to: str, listen: list[str], source: str | None) -> None:
    found = source_for(ip_address(to), [Endpoint(ip_address(each), 53) for each in listen])
    assert found == (ip_address(source) if source else None)
