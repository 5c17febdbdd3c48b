"""type: https, against real servers with certificates of an authority of our own."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from geodns.probe import Https
from geodns.probe.tls import expiry_remark
from tests.probe.asking import outcome
from tests.probe.servers import Authority, authority, blurting, says, serving

HOST = "www.example.com"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("trusted"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("stranger"))


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def reported(probe: Https, server: Authority, *names: str, end: datetime | None = None) -> tuple[bool, str]:
    """What comes of this probe, on a port of its own, when the server has a certificate for these names."""

    async def flow() -> tuple[bool, str]:
        async with serving(says("ok"), tls=server.server(*names, end=end)) as port:
            return await outcome(Https(port=port, host=probe.host, ca=probe.ca, verify=probe.verify))

    return asyncio.run(flow())


def test_a_certificate_for_the_host_passes(trusted: Authority) -> None:
    assert reported(Https(host=HOST, ca=trusted.file), trusted, HOST) == (True, "200 OK")


def test_without_a_host_the_certificate_must_name_the_address(trusted: Authority) -> None:
    assert reported(Https(ca=trusted.file), trusted, "127.0.0.1") == (True, "200 OK")
    passed, detail = reported(Https(ca=trusted.file), trusted, HOST)
    assert not passed
    assert detail == "certificate is not valid for '127.0.0.1'"


def test_a_certificate_for_another_name_fails(trusted: Authority) -> None:
    assert reported(Https(host=HOST, ca=trusted.file), trusted, "other.example.com") == (
        False,
        f"certificate is not valid for '{HOST}'",
    )


def test_a_certificate_of_a_stranger_fails(trusted: Authority, stranger: Authority) -> None:
    for probe in (Https(host=HOST, ca=trusted.file), Https(host=HOST)):
        passed, detail = reported(probe, stranger, HOST)
        assert not passed
        assert "issuer certificate" in detail


def test_an_expired_certificate_fails(trusted: Authority) -> None:
    assert reported(Https(host=HOST, ca=trusted.file), trusted, HOST, end=in_days(-1)) == (
        False,
        "certificate has expired",
    )


def test_a_certificate_near_its_end_passes_with_a_remark(trusted: Authority) -> None:
    assert reported(Https(host=HOST, ca=trusted.file), trusted, HOST, end=in_days(5.5)) == (
        True,
        "200 OK, certificate expires in 5 days",
    )


def test_verification_can_be_turned_off(stranger: Authority) -> None:
    assert reported(Https(host=HOST, verify=False), stranger, "other.example.com") == (True, "200 OK")


def test_the_host_is_asked_for_in_tls_and_in_http(trusted: Authority) -> None:
    names: list[str | None] = []
    hosts: list[str] = []

    async def note(request: web.BaseRequest) -> web.Response:
        hosts.append(request.headers["Host"])
        return web.Response()

    async def flow() -> None:
        async with serving(note, at="::1", tls=trusted.server(HOST, asked=names)) as port:
            assert await outcome(Https(port=port, host=HOST, ca=trusted.file), "::1") == (True, "200 OK")

    asyncio.run(flow())
    assert (names, hosts) == ([HOST], [HOST])


def test_a_server_without_tls_is_told_from_one_with_a_bad_certificate() -> None:
    async def flow() -> None:
        async with blurting(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
            assert await outcome(Https(port=port)) == (False, "TLS failed: wrong version number")

    asyncio.run(flow())


def test_who_never_finishes_the_handshake_times_out() -> None:
    async def flow() -> None:
        async with blurting(None) as port:
            assert await outcome(Https(port=port), within=0.05) == (False, "timed out after 0.05 s")

    asyncio.run(flow())


def test_a_ca_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    missing, empty = tmp_path / "missing.pem", tmp_path / "empty.pem"
    empty.write_text("no certificate")

    async def flow() -> None:
        gone = await outcome(Https(ca=str(missing)))
        assert gone == (False, f"ca {missing} cannot be read: No such file or directory")
        assert await outcome(Https(ca=str(empty))) == (False, f"ca {empty} holds no certificates in PEM form")

    asyncio.run(flow())


def test_a_ca_file_that_was_replaced_is_read_anew(trusted: Authority, stranger: Authority, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    probe = Https(host=HOST, ca=str(file))
    file.write_bytes(Path(stranger.file).read_bytes())
    assert not reported(probe, trusted, HOST)[0]
    file.unlink()
    file.write_bytes(Path(trusted.file).read_bytes())
    assert reported(probe, trusted, HOST) == (True, "200 OK")


@pytest.mark.parametrize(
    ("now", "remark"),
    [
        ("Jan  1 00:00:00 2030 GMT", ""),
        ("Jan 10 12:00:00 2030 GMT", "certificate expires in 20 days"),
        ("Jan 29 12:00:00 2030 GMT", "certificate expires in 1 day"),
        ("Jan 30 12:00:00 2030 GMT", "certificate expires today"),
    ],
)
def test_the_remark_begins_three_weeks_before_the_end(now: str, remark: str) -> None:
    assert expiry_remark({"notAfter": "Jan 31 00:00:00 2030 GMT"}, ssl.cert_time_to_seconds(now)) == remark


def test_without_a_verified_certificate_there_is_no_remark() -> None:
    assert expiry_remark({}, 0.0) == ""
