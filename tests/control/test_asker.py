"""What resolvers say of a name, as geodns takes it; over real sockets."""

import asyncio
import socket
from ipaddress import IPv4Address, ip_address

import pytest

from geodns.control.asker import Asker
from geodns.model.endpoint import Endpoint
from geodns.model.name import parse_name
from geodns.model.pool import Family
from geodns.resolution.outcome import Denied, Failed, Found, Outcome
from tests.upstream import Upstream, upstream

LB = parse_name("lb.example.net.")
APEX = parse_name("example.com.")
A = "lb.example.net. A"


async def ask(answering: Upstream, where: Endpoint, said: str | list[str]) -> Outcome:
    answering.says[A] = said
    return await Asker([where]).ask(LB, Family.IPV4, {APEX})


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        pytest.param(
            ["lb.example.net. 60 IN A 192.0.2.1", "lb.example.net. 60 IN A 192.0.2.2"],
            Found((ip_address("192.0.2.1"), ip_address("192.0.2.2")), 60),
            id="addresses",
        ),
        pytest.param(
            ["lb.example.net. 20 IN CNAME x.example.org.", "x.example.org. 90 IN A 192.0.2.1"],
            Found((ip_address("192.0.2.1"),), 20),
            id="by way of a CNAME, with the least TTL",
        ),
        pytest.param("NODATA", Denied("NODATA", 60), id="no such type, for as long as the SOA says"),
        pytest.param("NXDOMAIN", Denied("NXDOMAIN", 60), id="no such name"),
        pytest.param(["lb.example.net. 20 IN CNAME x.example.org."], Denied("NODATA", 60), id="a CNAME to nothing"),
        pytest.param(
            ["lb.example.net. 20 IN CNAME Example.COM.", "example.com. 90 IN A 192.0.2.1"],
            Failed("it leads back to example.com."),
            id="a circle: what came is our own answer",
        ),
    ],
)
def test_answers(said: str | list[str], outcome: Outcome) -> None:
    async def scenario() -> Outcome:
        async with upstream() as (answering, where):
            return await ask(answering, where, said)

    assert asyncio.run(scenario()) == outcome


@pytest.mark.parametrize("code", ["SERVFAIL", "REFUSED"])
def test_who_does_not_answer_in_earnest_has_failed(code: str) -> None:
    async def scenario() -> Outcome:
        async with upstream() as (answering, where):
            return await ask(answering, where, code)

    failed = asyncio.run(scenario())
    assert isinstance(failed, Failed)
    assert failed.why.endswith(f"says {code}")


def test_another_resolver_is_asked_where_one_does_not_answer() -> None:
    async def scenario() -> Outcome:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            nobody = Endpoint(IPv4Address("127.0.0.1"), silent.getsockname()[1])
            async with upstream() as (answering, where):
                answering.says[A] = ["lb.example.net. 60 IN A 192.0.2.1"]
                return await Asker([nobody, where]).ask(LB, Family.IPV4, ())

    assert asyncio.run(scenario()) == Found((ip_address("192.0.2.1"),), 60)


def test_nobody_at_all_is_a_failure_within_some_seconds() -> None:
    async def scenario() -> Outcome:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            nobody = Endpoint(IPv4Address("127.0.0.1"), silent.getsockname()[1])
            return await Asker([nobody]).ask(LB, Family.IPV4, ())

    assert asyncio.run(scenario()) == Failed("no resolver answered within 5 s")
