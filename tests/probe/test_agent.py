"""type: agent, against real sockets."""

import asyncio

import pytest

from geodns.model.check import Heard, ProbeFailed
from geodns.probe import Agent
from geodns.probe.agent import heard_in
from tests.probe.asking import heard, outcome
from tests.probe.servers import blurting, closed_port


@pytest.mark.parametrize(
    ("line", "load", "part"),
    [
        ("up", None, 1.0),
        ("ready", None, 1.0),
        ("READY UP", None, 1.0),
        ("75%", None, 0.75),
        ("up,75%", None, 0.75),
        ("up 12.5%", None, 0.125),
        ("150%", None, 1.0),  # more than its weight is for the zone file to say
        ("up load:1234.5", 1234.5, 1.0),
        ("ready 50% load:0 # warming", 0.0, 0.5),
        ("up maxconn:30", None, 1.0),
    ],
)
def test_what_an_agent_says_of_a_member_that_is_up(line: str, load: float | None, part: float) -> None:
    said = heard_in(line)
    assert (said.load, said.part) == (load, part)


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("down", "the agent says down"),
        ("down # disk is full", "the agent says down: disk is full"),
        ("stopped", "the agent says stopped"),
        ("fail 75%", "the agent says fail"),
        ("up down", "the agent says down"),
        ("drain", "asks to be drained"),
        ("maint # new kernel", "asks to be drained: new kernel"),
        ("up 0%", "asks to be drained"),
        ("fine", "the agent says 'fine', which is not understood"),
        ("up load:much", "the agent says 'load:much', which is not understood"),
        ("up \x1b[31m", "the agent says '?[31m', which is not understood"),
    ],
)
def test_what_an_agent_says_of_one_that_is_not(line: str, remark: str) -> None:
    with pytest.raises(ProbeFailed) as failed:
        heard_in(line)
    assert str(failed.value) == remark


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("octets", [b"up 75% load:8000\n", b"up 75% load:8000\r\n", b"up 75% load:8000"])
def test_the_line_is_read_from_the_port(address: str, octets: bytes) -> None:
    async def flow() -> None:
        async with blurting(octets, at=address) as port:
            said = await heard(Agent(port=port, send="hello"), address)
            assert said == Heard("the agent says up 75% load:8000", 8000.0, 0.75)

    asyncio.run(flow())


def test_a_line_can_be_sent_first() -> None:
    got: list[bytes] = []

    async def flow() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.append(await reader.readline())
            writer.write(b"up\n")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            await heard(Agent(port=server.sockets[0].getsockname()[1], send="status eu"))
        await asyncio.sleep(0.01)

    asyncio.run(flow())
    assert got == [b"status eu\n"]


def test_silence_and_closed_ports_fail() -> None:
    async def flow() -> None:
        async with blurting(b"") as port:
            closed = "closed the connection without an answer"
            assert await outcome(Agent(port=port, send="x")) == (False, closed)
        assert await outcome(Agent(port=await closed_port())) == (False, "connection refused")

    asyncio.run(flow())


@pytest.mark.parametrize("send", ["", "two\nlines", "x" * 201])
def test_what_cannot_be_sent_is_refused(send: str) -> None:
    with pytest.raises(ValueError, match="send has to be one line"):
        Agent(port=1, send=send)
