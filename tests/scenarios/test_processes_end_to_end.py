"""What happens when processes die: one of them, the one that thinks, or all."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios import backends
from tests.scenarios.processes import children_of, is_alive
from tests.scenarios.samples import APP, WWW, gets, write_zone
from tests.scenarios.server import Server, serving
from tests.scenarios.traffic import Traffic, traffic

pytestmark = pytest.mark.sockets

TWO = {"web1": "127.0.0.11", "web2": "127.0.0.12"}


def kill(server: Server, name: str) -> int:
    """Returns once another process of that name is there."""
    before = server.pids()[name]
    os.kill(before, signal.SIGKILL)
    server.wait_until(lambda: server.pids().get(name, before) != before, f"{name} is started again")
    return before


def wait_for_answers(server: Server, seen: Traffic) -> None:
    """A hundred more than there are."""
    enough = seen.answered + 100
    server.wait_until(lambda: seen.answered >= enough, "questions are answered")


def drain(server: Server, member: str) -> None:
    path = f"/api/v1/zones/example.com/pools/main/members/{member}/override"
    assert server.api("PUT", path, {"state": "drain", "reason": "test"}).status == 200


def test_a_killed_worker_comes_back_and_the_others_answer_on(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    with serving(zones, state=tmp_path / "state", workers=3) as server, traffic(server, WWW, "192.0.2.1") as seen:
        wait_for_answers(server, seen)
        before = server.pids()
        for number in range(3):
            kill(server, f"worker {number}")
            server.wait_until_ready()
            wait_for_answers(server, seen)
        after = server.pids()
    assert after["control"] == before["control"]
    assert set(after.values()) & set(before.values()) == {before["control"]}
    assert seen.failed == []
    assert seen.lost <= 3 * 4, "more than each asker's one question that the dead worker had in hand"


def test_answers_go_on_while_control_is_dead_and_it_comes_back_with_what_operators_said(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    with serving(zones, state=tmp_path / "state") as server, traffic(server, WWW, "192.0.2.1") as seen:
        drain(server, "web1")
        generation, before = server.status()["generation"], server.pids()
        kill(server, "control")
        server.wait_until(server.is_ready, "control is back")
        assert server.status()["generation"] > generation
        assert gets(server, APP, "127.0.0.12")
        wait_for_answers(server, seen)
        workers = {name: pid for name, pid in server.pids().items() if name != "control"}
    assert workers == {name: pid for name, pid in before.items() if name != "control"}
    assert (seen.failed, seen.lost) == ([], 0)


def end(server: Server) -> None:
    assert server.end() == 0


def crash(server: Server) -> None:
    """Nobody has the time to write down what he knows."""
    control = server.pids()["control"]
    os.kill(server.process.pid, signal.SIGKILL)
    os.kill(control, signal.SIGKILL)
    server.process.wait()


@pytest.mark.parametrize("stop", [end, crash])
def test_who_was_down_before_a_restart_is_out_of_the_first_answers_after_it(
    tmp_path: Path, stop: Callable[[Server], None]
) -> None:
    zones, state = tmp_path / "zones", tmp_path / "state"
    with backends.running(TWO) as (port, running):
        write_zone(zones, port=port)
        with serving(zones, state=state) as server:
            running["web1"].kill()
            server.wait_until(lambda: gets(server, APP, "127.0.0.12"), "web1 has left the answers")
            stop(server)
        running["web1"].start()  # nobody has noticed yet
        write_zone(zones, port=port, interval="10m")  # and nobody will for a while
        with serving(zones, state=state) as server:
            assert gets(server, APP, "127.0.0.12")


def test_the_first_answers_after_a_crash_of_everything_are_those_from_before(tmp_path: Path) -> None:
    zones, state = write_zone(tmp_path / "zones"), tmp_path / "state"
    with serving(zones, state=state) as server:
        drain(server, "web1")
        children = children_of(server.process.pid)
        server.process.kill()
        server.process.wait()
        # Without their keeper the children end by themselves, so the state folder and the ports are free again.
        with serving(zones, state=state) as successor:
            assert gets(successor, APP, "127.0.0.12")
            assert not any(is_alive(child) for child in children)


def test_sigterm_ends_all_with_exit_code_0_and_leaves_no_process(tmp_path: Path) -> None:
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state") as server:
        children = server.pids()
        assert sorted(children) == ["control", "worker 0", "worker 1"]
        assert server.end() == 0
        assert not any(is_alive(pid) for pid in children.values())
        assert "Traceback" not in server.stderr()
        assert "ERROR" not in server.stderr()


def test_a_keyboard_interrupt_of_the_whole_group_ends_all_quietly(tmp_path: Path) -> None:
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state") as server:
        for pid in (*server.pids().values(), server.process.pid):  # as a terminal does at Ctrl-C
            os.kill(pid, signal.SIGINT)
        assert server.process.wait(20) == 0
        assert "Traceback" not in server.stderr()
