"""Where a server listens, with how many processes, and when it says that it is ready."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.scenarios.samples import WWW, gets, write_zone
from tests.scenarios.server import PATIENCE, Server, command, environment, serving

pytestmark = pytest.mark.sockets


def address(server: Server, host: str, *, tcp: bool) -> str:
    """dnspython takes a reply only from where it asked."""
    (record,) = server.ask(WWW, host=host, tcp=tcp).answer[0]
    return str(record)


@pytest.mark.parametrize(
    ("listen", "asked"),
    [(("127.0.0.7", "::1"), ("127.0.0.7", "::1")), (("0.0.0.0", "::"), ("127.0.0.5", "::1"))],
    ids=["addresses", "wildcards"],
)
def test_the_reply_comes_from_the_address_that_was_asked(
    tmp_path: Path, listen: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state", listen=listen) as server:
        for host in asked:
            assert {address(server, host, tcp=False) for _ in range(8)} == {"192.0.2.1"}
            assert address(server, host, tcp=True) == "192.0.2.1"


def test_without_workers_one_process_does_all(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    with serving(zones, state=tmp_path / "state", workers=0) as server:
        assert server.pids() == {}
        assert address(server, "127.0.0.1", tcp=False) == "192.0.2.1"
        assert address(server, "127.0.0.1", tcp=True) == "192.0.2.1"
        write_zone(zones, www="192.0.2.2")
        server.wait_until(lambda: gets(server, WWW, "192.0.2.2"), "the changed file is reloaded")
        assert server.end() == 0
        assert "Traceback" not in server.stderr()


def test_it_is_ready_only_while_every_worker_serves_the_current_generation(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    with serving(zones, state=tmp_path / "state", options=["--no-watch"]) as server:
        stopped = server.pids()["worker 1"]
        os.kill(stopped, signal.SIGSTOP)
        try:
            write_zone(zones, www="192.0.2.2")
            assert server.api("POST", "/api/v1/reload").status == 200
            response = server.api("GET", "/readyz")
            assert response.status == 503
            assert "worker 1" in response.content["reason"]
        finally:
            os.kill(stopped, signal.SIGCONT)
        server.wait_until_ready()
        assert gets(server, WWW, "192.0.2.2")


def test_a_second_geodns_on_the_same_state_folder_is_refused(tmp_path: Path) -> None:
    zones, state = write_zone(tmp_path / "zones"), tmp_path / "state"
    with serving(zones, state=state):
        ended = second("--state", str(state), "--listen", "127.0.0.1:0", str(zones))
    assert (ended.returncode, ended.stderr) == (
        1,
        f"{state}: another geodns runs on this state folder; end it, or name another one with --state\n",
    )


def test_a_second_geodns_on_the_same_port_is_refused(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    with serving(zones, state=tmp_path / "state") as server:
        ended = second("--state", str(tmp_path / "other"), "--listen", f"127.0.0.1:{server.port}", str(zones))
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{server.port} (TCP): Address already in use" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_admin_port_that_is_taken_ends_it_with_a_sentence(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    with serving(zones, state=tmp_path / "state") as server:
        words = ("--state", str(tmp_path / "other"), "--listen", "127.0.0.1:0", "--admin", f"127.0.0.1:{server.admin}")
        ended = second(*words, str(zones))
    assert ended.returncode == 1
    assert f"127.0.0.1:{server.admin}: another program listens there" in ended.stderr
    assert "Traceback" not in ended.stderr


def second(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command("serve", *words), env=environment(), capture_output=True, text=True, timeout=PATIENCE)
