"""type: tcp, against real sockets."""

import asyncio

import pytest

from geodns.probe import Tcp
from tests.probe.asking import outcome
from tests.probe.servers import blurting, closed_port


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1"])
@pytest.mark.parametrize("octets", [b"", b"220 mail.example.com\r\n", None])
def test_whoever_accepts_is_up(address: str, octets: bytes | None) -> None:
    async def flow() -> None:
        async with blurting(octets, at=address) as port:
            assert await outcome(Tcp(port=port), address) == (True, "connected")

    asyncio.run(flow())


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_closed_port_refuses(address: str) -> None:
    async def flow() -> None:
        assert await outcome(Tcp(port=await closed_port(address)), address) == (False, "connection refused")

    asyncio.run(flow())
