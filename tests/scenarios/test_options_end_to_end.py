"""What clients see of cookies, NSID and CHAOS, with dig as the client."""

import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.scenarios.samples import WWW, write_zone
from tests.scenarios.server import PATIENCE, Server, serving

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.skipif(shutil.which("dig") is None, reason="dig is not installed (apt-get install dnsutils)"),
]

ONE, OTHER = "e5e973e5a6b2a43f48e7dc849e37bfcf", "445536bcd2513298075a5d379663c962"


def dig(server: Server, *words: str) -> str:
    """What it prints."""
    argv = ("dig", f"@{server.host}", "-p", str(server.port), "+tries=1", f"+time={int(PATIENCE)}", *words)
    return subprocess.run(argv, capture_output=True, text=True, check=True, timeout=2 * PATIENCE).stdout


def cookie(server: Server, *words: str) -> str:
    found = re.search(r"; COOKIE: ([0-9a-f]{48})", dig(server, WWW, *words))
    assert found, "there is no cookie in the reply"
    return found[1]


def valid(server: Server) -> float:
    return sum(each.value for each in server.samples("geodns_cookies_total") if each.labels == {"cookie": "valid"})


def configure(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "geodns.yaml").write_text(text)
    return ["-c", str(tmp_path / "geodns.yaml")]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
def test_who_comes_back_with_its_cookie_is_known(tmp_path: Path, transport: str, workers: int) -> None:
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state", workers=workers) as server:
        first = cookie(server, "+cookie=0123456789abcdef", transport)
        assert first.startswith("0123456789abcdef01000000")
        assert valid(server) == 0
        assert cookie(server, f"+cookie={first}", transport) == first
        assert valid(server) == 1


def test_where_cookies_are_required_dig_gets_its_answer_at_the_second_try(tmp_path: Path) -> None:
    options = configure(tmp_path, "cookies: required\n")
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state", options=options) as server:
        said = dig(server, WWW, "+cookie", "+nobadcookie")
        assert "status: BADCOOKIE" in said
        assert "192.0.2.1" in dig(server, WWW, "+cookie", "+badcookie")
        assert "192.0.2.1" in dig(server, WWW, "+nocookie")


def test_a_secret_is_rolled_over_while_the_server_runs(tmp_path: Path) -> None:
    secrets = tmp_path / "cookies.txt"
    secrets.write_text(f"{ONE}\n")
    secrets.chmod(0o600)
    options = configure(tmp_path, "cookies: {secrets: cookies.txt}\nwatch: false\n")
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state", options=options) as server:
        of_one = cookie(server, "+cookie=0123456789abcdef")
        secrets.write_text(f"{OTHER}  # from now on\n{ONE}\n")
        server.process.send_signal(signal.SIGHUP)
        server.wait_until(
            lambda: cookie(server, f"+cookie={of_one}") != of_one, "cookies of the one before are replaced"
        )
        assert valid(server) >= 1, "and are good"
        of_other = cookie(server, f"+cookie={of_one}")
        secrets.write_text("none\n")
        assert server.api("POST", "/api/v1/reload").status == 422
        assert cookie(server, f"+cookie={of_other}") == of_other, "what was good goes on"
        assert ONE not in server.stderr()


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
def test_the_server_tells_who_it_is(tmp_path: Path, transport: str) -> None:
    options = configure(tmp_path, "identity: fra1\nversion: geodns\n")
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state", options=options) as server:
        assert dig(server, transport, "+short", "CH", "TXT", "id.server") == '"fra1"\n'
        assert dig(server, transport, "+short", "CH", "TXT", "version.bind") == '"geodns"\n'
        assert '; NSID: 66 72 61 31 ("fra1")' in dig(server, transport, WWW, "+nsid")
        assert "status: REFUSED" in dig(server, transport, "CH", "TXT", "authors.bind")


def test_told_nothing_it_says_nothing(tmp_path: Path) -> None:
    options = configure(tmp_path, "cookies: off\n")
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state", options=options) as server:
        said = dig(server, WWW, "+nsid", "+cookie")
        assert "192.0.2.1" in said
        assert "NSID: " not in said
        assert "; COOKIE: " not in said
        assert "status: REFUSED" in dig(server, "CH", "TXT", "version.server")


def test_a_stream_is_told_for_how_long_it_may_be_idle(tmp_path: Path) -> None:
    options = configure(tmp_path, "tcp_idle: 15s\n")
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state", options=options) as server:
        assert "; TCP KEEPALIVE: 15.0 secs" in dig(server, WWW, "+tcp", "+keepalive")
        assert "KEEPALIVE" not in dig(server, WWW, "+notcp", "+keepalive")


def test_a_name_of_others_is_refused_with_the_reason(tmp_path: Path) -> None:
    with serving(write_zone(tmp_path / "zones"), state=tmp_path / "state") as server:
        assert "; EDE: 20 (Not Authoritative)" in dig(server, "www.example.net")
