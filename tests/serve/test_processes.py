"""The whole of serve: real processes, real generations, and dnspython as client."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import dns.asyncquery
import dns.message
import dns.query
import dns.rcode
import pytest

from geodns.model.endpoint import Endpoint
from geodns.serve.channel import Channel
from geodns.serve.keeper import keep
from geodns.serve.messages import Ask, Message, Publish, Refused, Serving
from geodns.serve.premises import Premises
from geodns.serve.solo import solo_worker
from tests.control.waiting import until
from tests.scenarios.processes import is_alive
from tests.serve.tables import NAME, damage, publish

pytestmark = pytest.mark.sockets

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _children_find_geodns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)


class Line:
    """Control's end of the channel to one worker."""

    def __init__(self, fd: int) -> None:
        self.channel = Channel(fd)
        self._heard: list[Message] = []

    async def hear(self) -> Message:
        async with asyncio.timeout(20):
            while not self._heard:
                self._heard += self.channel.messages()
                await asyncio.sleep(0.01)
        return self._heard.pop(0)

    async def serving(self) -> Serving:
        message = await self.hear()
        assert isinstance(message, Serving)
        return message


class Running:
    def __init__(self, premises: Premises) -> None:
        self.lines = [Line(fd) for fd in premises.control_files().channels]
        self.port = premises.endpoints()[0].port

    async def ask(self, *, tcp: bool = False, host: str = "127.0.0.1") -> dns.message.Message:
        query = dns.message.make_query(NAME, "A")
        if tcp:
            return await dns.asyncquery.tcp(query, host, port=self.port, timeout=20)
        return await dns.asyncquery.udp(query, host, port=self.port, timeout=20)

    async def address(self, *, tcp: bool = False, host: str = "127.0.0.1") -> str:
        response = await self.ask(tcp=tcp, host=host)
        return str(response.answer[0][0])


@asynccontextmanager
async def running(state: Path, workers: int = 2, host: str = "127.0.0.1") -> AsyncIterator[Running]:
    with Premises([Endpoint(ip_address(host), 0)], workers) as premises:
        keeping = asyncio.create_task(keep(premises.workers(state)))
        served = Running(premises)
        try:
            yield served
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            assert await keeping == 0
            for line in served.lines:
                line.channel.close()


@pytest.mark.parametrize(("listen", "asked"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.5"), ("::", "::1")])
def test_workers_answer_by_udp_and_tcp(tmp_path: Path, listen: str, asked: str) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path, workers=1, host=listen) as served:
            assert await served.address(host=asked) == "192.0.2.7"
            assert await served.address(host=asked, tcp=True) == "192.0.2.7"

    asyncio.run(scenario())


def test_a_killed_worker_comes_back_and_no_query_is_lost(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path) as served:
            before = [await line.serving() for line in served.lines]
            assert [serving.generation for serving in before] == [1, 1]
            os.kill(before[0].pid, signal.SIGKILL)
            await until(lambda: not is_alive(before[0].pid))  # what it has read it may take with it
            # Whose queries the kernel gives to the dead worker's socket wait there for its successor.
            assert set(await asyncio.gather(*(served.address() for _ in range(30)))) == {"192.0.2.7"}
            after = await served.lines[0].serving()
            assert after.generation == 1
            assert after.pid != before[0].pid
            served.lines[1].channel.send(Ask())
            assert await served.lines[1].serving() == before[1]

    asyncio.run(scenario())


def test_a_published_generation_is_taken_up_and_acknowledged(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path) as served:
            pids = [(await line.serving()).pid for line in served.lines]
            generation = publish(tmp_path, 8)
            for line, pid in zip(served.lines, pids, strict=True):
                line.channel.send(Publish(generation))
                assert await line.serving() == Serving(generation, pid)
            assert set(await asyncio.gather(*(served.address() for _ in range(10)))) == {"192.0.2.8"}

    asyncio.run(scenario())


def test_a_damaged_generation_is_refused_and_the_old_one_answers_on(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        async with running(tmp_path, workers=1) as served:
            (line,) = served.lines
            await line.serving()
            generation = publish(tmp_path, 8)
            damage(tmp_path, generation)
            line.channel.send(Publish(generation))
            refused = await line.hear()
            assert isinstance(refused, Refused)
            assert refused.generation == generation
            assert "checksum" in refused.reason
            assert await served.address() == "192.0.2.7"

    asyncio.run(scenario())


def test_a_restart_serves_the_newest_generation_that_is_whole(tmp_path: Path) -> None:
    publish(tmp_path, 7)
    damage(tmp_path, publish(tmp_path, 8))

    async def scenario() -> None:
        async with running(tmp_path, workers=1) as served:
            assert (await served.lines[0].serving()).generation == 1
            assert await served.address() == "192.0.2.7"

    asyncio.run(scenario())


def test_until_there_is_a_generation_the_answer_is_servfail(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, workers=1) as served:
            assert (await served.lines[0].serving()).generation == 0
            assert (await served.ask()).rcode() == dns.rcode.SERVFAIL
            assert (await served.ask(tcp=True)).rcode() == dns.rcode.SERVFAIL
            served.lines[0].channel.send(Publish(publish(tmp_path, 7)))
            assert (await served.lines[0].serving()).generation == 1
            assert await served.address() == "192.0.2.7"

    asyncio.run(scenario())


def test_one_process_does_all(tmp_path: Path) -> None:
    publish(tmp_path, 7)

    async def scenario() -> None:
        with Premises([Endpoint(ip_address("127.0.0.1"), 0)], workers=1) as premises:
            served, stopping = Running(premises), asyncio.Event()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(solo_worker(premises, tmp_path).run(stopping))
                assert (await served.lines[0].serving()).pid == os.getpid()
                assert await served.address() == "192.0.2.7"
                assert await served.address(tcp=True) == "192.0.2.7"
                stopping.set()
            served.lines[0].channel.close()

    asyncio.run(scenario())


def start_apart(state: Path, workers: int) -> tuple["subprocess.Popen[str]", int]:
    argv = [sys.executable, "-m", "tests.serve.running", str(state), str(workers)]
    keeper = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert keeper.stdout
    return keeper, int(keeper.stdout.readline())


def ask_apart(port: int) -> str:
    query = dns.message.make_query(NAME, "A")
    return str(dns.query.udp(query, "127.0.0.1", port=port, timeout=20).answer[0][0])


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_sigterm_ends_all_with_exit_code_0_and_leaves_no_process(tmp_path: Path) -> None:
    publish(tmp_path, 7)
    keeper, port = start_apart(tmp_path, workers=2)
    with keeper:
        assert ask_apart(port) == "192.0.2.7"
        workers = children_of(keeper.pid)
        assert len(workers) == 2
        keeper.terminate()
        assert keeper.wait(timeout=20) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def test_workers_do_not_outlive_a_killed_keeper(tmp_path: Path) -> None:
    publish(tmp_path, 7)
    keeper, port = start_apart(tmp_path, workers=2)
    with keeper:
        assert ask_apart(port) == "192.0.2.7"
        keeper.kill()
        # The workers hold the other end of this pipe: it ends with the last of them.
        assert keeper.communicate(timeout=20)[0] == ""
