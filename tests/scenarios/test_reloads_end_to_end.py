"""Files change while a server runs: good ones take over, broken ones do not, and both are told."""

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.geo.mmdb_files import mmdb
from tests.scenarios import backends
from tests.scenarios.samples import APP, WWW, break_zone, gets, serial, write_zone
from tests.scenarios.server import PATIENCE, Server, command, environment, serving

pytestmark = pytest.mark.sockets


def by_signal(server: Server) -> None:
    server.process.send_signal(signal.SIGHUP)


def by_api(server: Server) -> None:
    assert server.api("POST", "/api/v1/reload").status == 200


def by_itself(server: Server) -> None:
    """The file is watched."""


@pytest.mark.parametrize(
    ("ask_for_it", "options"), [(by_signal, ["--no-watch"]), (by_api, ["--no-watch"]), (by_itself, [])]
)
def test_a_changed_file_is_reloaded(tmp_path: Path, ask_for_it: Callable[[Server], None], options: list[str]) -> None:
    zones = write_zone(tmp_path / "zones", www="192.0.2.1")
    with serving(zones, state=tmp_path / "state", options=options) as server:
        assert gets(server, WWW, "192.0.2.1")
        write_zone(zones, www="192.0.2.2")
        ask_for_it(server)
        server.wait_until(lambda: gets(server, WWW, "192.0.2.2"), "the new record is served")


def test_a_broken_file_changes_nothing_and_status_says_where_it_is_broken_until_it_is_mended(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    with serving(zones, state=tmp_path / "state") as server:
        generation = server.status()["generation"]
        break_zone(zones)
        server.wait_until(lambda: bool(server.status()["degraded"]), "status says that it is degraded")
        (problem, *_) = server.status()["problems"]
        assert (Path(problem["file"]).name, problem["line"], problem["column"]) == ("example.com.yaml", 1, 1)
        assert "'zoen'" in problem["message"]
        assert server.status()["generation"] == generation
        assert server.is_ready()
        assert gets(server, WWW, "192.0.2.1")
        assert server.api("POST", "/api/v1/reload").status == 422
        write_zone(zones, www="192.0.2.2")
        server.wait_until(lambda: not server.status()["degraded"], "it is mended")
        server.wait_until_ready()
        assert gets(server, WWW, "192.0.2.2")


def test_a_broken_file_at_the_first_start_is_told_and_nothing_is_served(tmp_path: Path) -> None:
    zones = write_zone(tmp_path / "zones")
    break_zone(zones)
    words = command(
        "serve", str(zones), "--state", str(tmp_path / "state"), "--listen", "127.0.0.1:0", "--admin", "off"
    )
    ended = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert f"{zones}/example.com.yaml:1:1: unknown key 'zoen'; did you mean 'zone'?" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_broken_file_at_a_later_start_leaves_the_last_good_generation_in_service(tmp_path: Path) -> None:
    zones, state = write_zone(tmp_path / "zones"), tmp_path / "state"
    with serving(zones, state=state) as server:
        generation = server.status()["generation"]
    break_zone(zones)
    with serving(zones, state=state) as server:
        assert gets(server, WWW, "192.0.2.1")
        assert server.status()["degraded"]
        assert server.status()["generation"] == generation
        write_zone(zones, www="192.0.2.2")
        server.wait_until(lambda: not server.status()["degraded"], "it is mended")
        server.wait_until(lambda: gets(server, WWW, "192.0.2.2"), "the mended zone is served")
        assert serial(server) > 0


def test_the_serial_counts_changes_of_records_and_nothing_else(tmp_path: Path) -> None:
    zones, state = tmp_path / "zones", tmp_path / "state"
    with backends.running({"web1": "127.0.0.11", "web2": "127.0.0.12"}) as (port, running):
        write_zone(zones, port=port)
        with serving(zones, state=state, options=["--no-watch"]) as server:

            def serial_after(ttl: str, www: str) -> int:
                write_zone(zones, port=port, ttl=ttl, www=www)
                by_api(server)
                server.wait_until_ready()
                return serial(server)

            first = serial(server)
            assert serial_after(ttl="40s", www="192.0.2.1") == first, "a policy is no record"
            running["web1"].kill()
            server.wait_until(lambda: gets(server, APP, "127.0.0.12"), "web1 has left the answers")
            assert serial(server) == first, "a verdict is no record"
            second = serial_after(ttl="40s", www="192.0.2.2")
            assert second > first
        with serving(zones, state=state) as server:
            assert serial(server) == second, "a restart is no change"


GEO_ZONE = """\
zone: example.com
pools:
  de: {members: {fra1: {A: 192.0.2.10}}}
  us: {members: {iad1: {A: 198.51.100.10}}}
policies:
  www: {rules: [{country: DE, pools: [de]}, {pools: [us]}]}
records:
  "@": {NS: [ns1, ns2]}
  ns1: {A: 192.0.2.53}
  ns2: {A: 192.0.2.54}
  www: {policy: www}
"""
DE, US = ["192.0.2.10"], ["198.51.100.10"]


def replace(path: Path, content: bytes) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    beside.rename(path)


def test_a_database_is_swapped_when_it_is_replaced_and_a_corrupt_one_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "example.com.yaml").write_text(GEO_ZONE)
    (tmp_path / "geodns.yaml").write_text("zones: example.com.yaml\ngeo: {country: places.mmdb}\n")
    database = tmp_path / "places.mmdb"
    replace(database, mmdb({"9.9.9.0/24": {"country_code": "DE"}, "8.8.8.0/24": {"country_code": "US"}}))
    with serving(state=tmp_path / "state", options=["-c", str(tmp_path / "geodns.yaml")]) as server:

        def answer(subnet: str) -> list[str]:
            return [rdata.to_text() for rdata in server.ask(WWW, subnet=subnet).answer[0]]

        assert (answer("9.9.9.0/24"), answer("8.8.8.0/24")) == (DE, US)
        generation = server.status()["generation"]
        replace(database, b"this is no database")
        server.wait_until(lambda: bool(server.status()["warnings"]), "the corrupt file is told")
        assert server.status()["warnings"][0]["file"] == str(database)
        assert (answer("9.9.9.0/24"), answer("8.8.8.0/24")) == (DE, US)
        replace(database, mmdb({"9.9.9.0/24": {"country_code": "US"}, "8.8.8.0/24": {"country_code": "DE"}}))
        server.wait_until(lambda: answer("9.9.9.0/24") == US, "the new database is in use")
        server.wait_until_ready()
        assert (answer("9.9.9.0/24"), answer("8.8.8.0/24")) == (US, DE)
        assert server.status()["generation"] > generation
        assert server.status()["warnings"] == []


def test_settings_that_break_while_it_runs_change_nothing(tmp_path: Path) -> None:
    zones, config = write_zone(tmp_path / "zones"), tmp_path / "geodns.yaml"
    config.write_text("workers: 2\n")
    with serving(zones, state=tmp_path / "state", options=["-c", str(config)]) as server:
        config.write_text("workres: 2\n")
        server.wait_until(lambda: bool(server.status()["degraded"]), "status says that it is degraded")
        assert "'workres'" in server.status()["problems"][0]["message"]
        assert gets(server, WWW, "192.0.2.1")
        config.write_text("workers: 2\n")
        server.wait_until(lambda: not server.status()["degraded"], "it is mended")
