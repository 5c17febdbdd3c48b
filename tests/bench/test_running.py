"""Starting and ending servers."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bench.facts import facts
from bench.running import CannotRun, exchange, is_here, serving
from bench.servers.echo import ECHO
from bench.servers.peer import Peer, Setup
from bench.tools import compile_tools, compiler
from bench.workloads import Question

pytestmark = pytest.mark.sockets

FEW = facts(hosts=10)
CORE = [min(os.sched_getaffinity(0))]


def ending(*argv: str, check: tuple[str, ...] = (), version: tuple[str, ...] = (), speed: str = "") -> Peer:
    setup = Setup(argv=argv, check=check)
    return replace(ECHO, name="ending", setup=lambda *_: setup, version=version, speed=speed)


@pytest.mark.skipif(compiler() is None, reason="there is no C compiler (Debian: gcc)")
def test_a_server_runs_on_its_core_within_the_block_and_not_after(tmp_path: Path) -> None:
    compile_tools()
    packet = Question(name="any.example", answers=frozenset()).packet(7)
    with serving(ECHO, FEW, tmp_path, CORE) as server:
        assert os.sched_getaffinity(server.pid) == set(CORE)
        reply = exchange(server.port, packet)
        assert reply == packet[:2] + bytes([packet[2] | 0x80]) + packet[3:]
    assert exchange(server.port, packet) is None
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


@pytest.mark.parametrize(
    ("peer", "fault"),
    [
        (ending("sh", "-c", "echo port in use; exit 3"), "ending ended with 3: port in use"),
        (ending("true"), "ending ended with 0: it said nothing"),
        (ending("true", check=("sh", "-c", "echo unknown key; exit 1")), "ending: unknown key"),
        (ending("true", version=("echo", "1.2 (compiled)"), speed="interpreted"), "it is 1.2 (compiled)"),
    ],
)
def test_a_server_that_cannot_run_is_told_with_what_it_said(tmp_path: Path, peer: Peer, fault: str) -> None:
    with pytest.raises(CannotRun) as raised, serving(peer, FEW, tmp_path, CORE):
        pass
    assert fault in str(raised.value)


def test_a_program_that_is_not_installed_is_not_here() -> None:
    assert not is_here(replace(ECHO, program="no-such-server"))
    assert is_here(replace(ECHO, program="sh"))
