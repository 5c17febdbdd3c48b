"""Who is let in, over real sockets: hosts, origins, tokens, bodies; and where the endpoint may listen."""

import asyncio
import socket
from pathlib import Path

import pytest

from geodns.admin.app import CannotServe, serve_admin
from geodns.admin.metrics import Metrics
from geodns.config.networks import parse_endpoint
from geodns.config.server import AdminSettings
from tests.admin.served import FRA1, MEMBERS, Served, new_control, serve
from tests.admin.test_tokens import FILE, READER, WRITER

ORDER = {"state": "drain", "reason": "new kernel"}


def tokens_in(folder: Path, content: str = FILE) -> Path:
    path = folder / "tokens.yaml"
    path.write_text(content)
    path.chmod(0o600)
    return path


MAY = [
    ("GET", "/healthz", None, 200),
    ("GET", "/readyz", None, 200),
    ("GET", "/metrics", None, 401),
    ("GET", "/metrics", "wrong", 401),
    ("GET", "/metrics", READER, 200),
    ("GET", "/api/v1/status", None, 401),
    ("GET", "/api/v1/status", READER, 200),
    ("HEAD", "/api/v1/status", READER, 200),
    ("GET", MEMBERS, WRITER, 200),
    ("POST", "/api/v1/reload", None, 401),
    ("POST", "/api/v1/reload", READER, 403),
    ("POST", "/api/v1/reload", WRITER, 200),
    ("PUT", FRA1, None, 401),
    ("PUT", FRA1, READER, 403),
    ("PUT", FRA1, WRITER, 200),
    ("DELETE", FRA1, READER, 403),
    ("DELETE", FRA1, WRITER, 200),
    ("GET", "/nothing", None, 401),
    ("OPTIONS", "/api/v1/reload", None, 401),
    ("POST", "/healthz", None, 405),
]


def test_a_token_may_do_what_its_role_says(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        for method, path, token, status in MAY:
            reply = await served.ask(method, path, ORDER if method == "PUT" else None, token=token)
            assert (method, path, token, reply.status) == (method, path, token, status)
            assert ("WWW-Authenticate" in reply.headers) is (status == 401)

    serve(tmp_path, scenario, tokens=tokens_in(tmp_path))


def test_an_override_has_the_name_of_the_token_as_author(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        put = await served.ask("PUT", FRA1, ORDER, token=WRITER)
        assert put.part("member")["state"] == "drain by alice: new kernel"

    serve(tmp_path, scenario, tokens=tokens_in(tmp_path))


def test_a_token_that_is_taken_out_of_the_file_is_refused_from_then_on(tmp_path: Path) -> None:
    tokens = tokens_in(tmp_path)

    async def scenario(served: Served) -> None:
        assert (await served.get("/metrics", token=READER)).status == 200
        tokens.write_text(FILE.splitlines()[1])
        assert (await served.get("/metrics", token=READER)).status == 401
        assert (await served.get("/metrics", token=WRITER)).status == 200

    serve(tmp_path, scenario, tokens=tokens)


def test_a_name_that_is_not_ours_is_misdirected(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        for path in ("/healthz", "/metrics", "/api/v1/status"):
            reply = await served.get(path, Host=f"evil.example:{served.port}")
            assert (path, reply.status) == (path, 421)
            assert f"call it 127.0.0.1:{served.port}, dns.example.com:{served.port}, localhost:" in reply.error
            for host in ("localhost", "dns.example.com"):
                assert (await served.get(path, Host=f"{host}:{served.port}")).status == 200

    serve(tmp_path, scenario, hosts=("dns.example.com",))


def test_a_page_of_another_site_may_not_ask(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        evil = await served.ask("POST", "/api/v1/reload", Origin="https://evil.example")
        own = await served.ask("POST", "/api/v1/reload", Origin=f"http://localhost:{served.port}")
        assert (evil.status, evil.error) == (403, "pages of https://evil.example may not ask this endpoint")
        assert own.status == 200
        assert not any(name.lower().startswith("access-control") for name in own.headers)

    serve(tmp_path, scenario)


def test_a_body_has_to_be_json_and_small(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        form = await served.ask("PUT", FRA1, body=b"state=drain", Content_Type="text/plain")
        large = await served.ask("PUT", FRA1, {"state": "drain", "reason": "x" * 5000})
        empty = await served.ask("PUT", FRA1)
        broken = await served.ask("PUT", FRA1, body=b"{")
        packed = await served.ask("PUT", FRA1, body=b"\x1f\x8b", Content_Encoding="gzip")
        assert (form.status, "'Content-Type: application/json'" in form.error) == (415, True)
        assert (large.status, large.error) == (413, "the body is larger than 4096 octets")
        assert [reply.status for reply in (empty, broken, packed)] == [400, 400, 400]
        assert (await served.ask("POST", "/api/v1/reload", body=b"x", Content_Type="text/plain")).status == 415
        assert (await served.ask("POST", "/api/v1/reload", {})).status == 200

    serve(tmp_path, scenario)


def test_a_method_that_a_route_does_not_know_is_refused_with_those_it_does(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        reply = await served.ask("POST", "/api/v1/status")
        assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD")
        assert reply.error == "POST is not done here; do GET, HEAD"

    serve(tmp_path, scenario)


def test_no_reply_may_be_stored_or_guessed_at(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        for path in ("/healthz", "/metrics", "/api/v1/status", "/nothing", "/api/v1/explain"):
            headers = (await served.get(path)).headers
            assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
            assert headers["Server"] == "geodns"

    serve(tmp_path, scenario)


# ── where it may listen ───────────────────────────────────────────────────────────────────────────────────────────


def start(folder: Path, listen: str, tokens: Path | None = None) -> str:
    """Why it cannot serve; empty: it could."""

    async def run() -> str:
        control, _ = new_control(folder, metrics := Metrics())
        settings = AdminSettings(listen=parse_endpoint(listen), tokens=tokens)
        begun = asyncio.Event()
        serving = asyncio.create_task(serve_admin(control, settings, metrics, started=lambda _: begun.set()))
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, waiting):
            task.cancel()
        (came, _) = await asyncio.gather(serving, waiting, return_exceptions=True)
        return str(came) if isinstance(came, CannotServe) else ""

    return asyncio.run(run())


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "127.0.0.2:0", "[::1]:0"])
def test_on_loopback_no_tokens_are_needed(tmp_path: Path, listen: str) -> None:
    assert start(tmp_path, listen) == ""


@pytest.mark.parametrize("listen", ["0.0.0.0:8053", "[::]:8053", "192.0.2.1:8053"])
def test_anywhere_else_it_does_not_start_without_tokens(tmp_path: Path, listen: str) -> None:
    why = start(tmp_path, listen)
    assert why.startswith(f"the admin endpoint does not listen on {listen} without tokens")
    assert why.endswith("name a file with tokens as admin.tokens in geodns.yaml, or listen on 127.0.0.1:8053")


def test_a_broken_file_of_tokens_keeps_it_from_starting(tmp_path: Path) -> None:
    why = start(tmp_path, "127.0.0.1:0", tokens_in(tmp_path, "- {name: a, role: read}"))
    assert why.endswith("tokens.yaml:1:3: 'a' needs one of token and sha256")


def test_with_tokens_it_gets_as_far_as_the_address(tmp_path: Path) -> None:
    why = start(tmp_path, "192.0.2.1:8053", tokens_in(tmp_path))
    assert why == "192.0.2.1:8053: this machine has no such address; name one that it has with --admin"


def test_an_address_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        why = start(tmp_path, f"127.0.0.1:{port}")
    assert why == f"127.0.0.1:{port}: another program listens there; end it, or name another address with --admin"


def test_turned_off_there_is_nothing_to_wait_for(tmp_path: Path) -> None:
    control, _ = new_control(tmp_path, metrics := Metrics())
    asyncio.run(serve_admin(control, AdminSettings(listen=None), metrics))
