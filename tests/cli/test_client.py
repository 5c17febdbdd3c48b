"""The client of the admin endpoint: who is asked, with what, and what is said when that goes wrong."""

import socket
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from geodns.cli.client import Client, client_for
from geodns.cli.fault import CannotDo
from tests.cli.online import Run, online


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> Iterator[str]:
    with answering(request.param) as url:
        yield url


@contextmanager
def answering(reply: bytes) -> Iterator[str]:
    """A server that says this to the first who asks."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("given", "environment", "base"),
    [
        (None, None, "http://127.0.0.1:8053"),
        (None, "https://ns1.example.com:8053/", "https://ns1.example.com:8053"),
        ("http://[::1]:8053", "http://elsewhere", "http://[::1]:8053"),
        ("127.0.0.2:8053", None, "http://127.0.0.2:8053"),
    ],
)
def test_the_endpoint_is_the_option_else_the_environments_else_the_default(
    given: str | None, environment: str | None, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment is None:
        monkeypatch.delenv("GEODNS_ADMIN", raising=False)
    else:
        monkeypatch.setenv("GEODNS_ADMIN", environment)
    assert client_for(Namespace(admin=given, token=None)).base == base


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://", "http://127.0.0.1:99999", "http://[::1", "http://a b/"])
def test_what_is_no_address_of_an_endpoint_is_refused(url: str) -> None:
    with pytest.raises(CannotDo, match="is no address of an admin endpoint, such as"):
        client_for(Namespace(admin=url, token=None))


def test_where_nothing_answers_the_way_out_is_named() -> None:
    client = Client(f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(CannotDo, match=r"nothing answers at .* is geodns running\? name the endpoint with --admin"):
        client.ask("GET", "/api/v1/status")


@pytest.mark.parametrize(
    "endpoint",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n<html>",
        b"HTTP/1.0 200 OK\r\n\r\n[]",
        b"HTTP/1.0 404 Not Found\r\n\r\n<html>",
        b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
    ],
    ids=["SSH", "a page", "a list", "a missing page", "a redirect"],
    indirect=True,
)
def test_somebody_else_who_answers_is_told_apart(endpoint: str) -> None:
    with pytest.raises(CannotDo, match="is no geodns; name the admin endpoint with --admin"):
        Client(endpoint, "secret").ask("GET", "/api/v1/status")


@pytest.mark.parametrize(
    "endpoint", [b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}"], ids=["an empty answer"], indirect=True
)
def test_an_answer_of_another_form_is_no_crash(endpoint: str, capsys: pytest.CaptureFixture[str]) -> None:
    from geodns.cli.main import main

    assert main(["status", "--admin", endpoint]) == 2
    assert "is that geodns of another version?" in capsys.readouterr().err


def test_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
    with answering(b'HTTP/1.0 200 OK\r\n\r\n{"a": 1}') as url:
        assert Client(url).ask("GET", "/") == {"a": 1}


def test_names_in_a_path_are_quoted() -> None:
    assert Client.path("zones", "0/25.2.0.192.in-addr.arpa") == "/api/v1/zones/0%2F25.2.0.192.in-addr.arpa"


def test_a_token_is_wanted_and_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = tmp_path / "tokens.yaml"
    tokens.write_text(
        "- {name: ann, token: 0123456789abcdef, role: write}\n- {name: eve, token: fedcba9876543210, role: read}\n"
    )
    tokens.chmod(0o600)

    def scenario(run: Run, zone: Path) -> None:
        code, _, said = run("status")
        assert code == 2
        assert said.endswith("; give one with --token or $GEODNS_TOKEN\n")
        assert run("status", "--token", "0123456789abcdef")[0] == 0
        monkeypatch.setenv("GEODNS_TOKEN", "fedcba9876543210")
        assert run("status")[0] == 0
        assert run("drain", "example.com/us/iad1")[0] == 2
        assert "drain by ann: by hand" in run("drain", "example.com/us/iad1", "--token", "0123456789abcdef")[1]

    online(tmp_path, capsys, scenario, tokens=tokens)
