"""The clients that operators have, asking a front by TLS and HTTPS; and floods that tools for loads can make."""

import asyncio
import base64
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import dns.message
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection

from geodns.serve.solo import solo_front
from tests.serve.certificates import issue, root
from tests.serve.tables import NAME, publish
from tests.serve.test_front import premises_for

pytestmark = pytest.mark.sockets

QUERY = dns.message.make_query(NAME, "A")
QUERY.id = 0
ASKED = base64.urlsafe_b64encode(QUERY.to_wire()).rstrip(b"=").decode()
DNS = "application/dns-message"


class Ports:
    def __init__(self, tls: int, https: int, trusted: Path) -> None:
        self.tls = tls
        self.https = https
        self.root = trusted
        self.url = f"https://127.0.0.1:{https}/dns-query"


@contextmanager
def fronted(folder: Path) -> Iterator[Ports]:
    """A front in a thread, with a generation that answers 192.0.2.7."""
    publish(folder, 7)
    with premises_for(issue(folder)) as premises:
        (tls,), (https,) = premises.encrypted_endpoints()
        ready, end = Flag(), Flag()

        async def run() -> None:
            front, stopping = solo_front(premises, folder), asyncio.Event()
            assert front
            await front.start()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(front.run(stopping))
                ready.set()
                await asyncio.to_thread(end.wait)
                stopping.set()

        thread = Thread(target=lambda: asyncio.run(run()))
        thread.start()
        try:
            assert ready.wait(30)
            yield Ports(tls.port, https.port, root(folder))
        finally:
            end.set()
            thread.join(30)


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    with fronted(tmp_path_factory.mktemp("front")) as served:
        yield served


def said(*argv: str, given: bytes = b"") -> str:
    """What a program prints; the test is skipped where it is not installed, as CI has them all (.ci/run)."""
    if shutil.which(argv[0]) is None:
        pytest.skip(f"{argv[0]} is not installed")
    done = subprocess.run(argv, input=given, capture_output=True, timeout=60)
    return (done.stdout + done.stderr).decode("latin-1")


def test_kdig_asks_by_tls_and_trusts_the_certificate(ports: Ports) -> None:
    trust = (f"+tls-ca={ports.root}", "+tls-hostname=localhost")
    found = said("kdig", "@127.0.0.1", "-p", str(ports.tls), "+tls", *trust, NAME)
    assert "192.0.2.7" in found
    assert "(TLS1.3)" in found


@pytest.mark.parametrize("how", ["+tls", "+https"])
def test_kdig_gets_its_replies_padded(how: str, ports: Ports) -> None:
    port = ports.tls if how == "+tls" else ports.https
    found = said("kdig", "@127.0.0.1", "-p", str(port), how, "+padding=128", f"+tls-ca={ports.root}", NAME)
    assert ";; Received 468 B" in found
    assert "PADDING" in found


@pytest.mark.parametrize("method", ["+https", "+https-get"])
def test_kdig_asks_by_https(method: str, ports: Ports) -> None:
    trust = (f"+tls-ca={ports.root}", "+tls-hostname=localhost")
    found = said("kdig", "@127.0.0.1", "-p", str(ports.https), method, *trust, NAME)
    assert "192.0.2.7" in found
    assert "status: 200" in found


@pytest.mark.parametrize("how", ["+tls", "+https", "+https-get"])
def test_dig_asks_by_both(how: str, ports: Ports) -> None:
    port = ports.tls if how == "+tls" else ports.https
    assert said("dig", "@127.0.0.1", "-p", str(port), how, "+short", NAME).strip() == "192.0.2.7"


def test_dig_keeps_a_connection_for_several_questions(ports: Ports) -> None:
    found = said("dig", "@127.0.0.1", "-p", str(ports.tls), "+tls", "+keepopen", "+short", NAME, NAME, NAME)
    assert found.split() == ["192.0.2.7"] * 3


def curl(ports: Ports, *options: str, url: str = "", given: bytes = b"") -> str:
    asked = url or f"{ports.url}?dns={ASKED}"
    return said("curl", "-s", "--cacert", str(ports.root), "-D", "-", *options, asked, given=given)


@pytest.mark.parametrize(("version", "line"), [("--http2", "HTTP/2 200"), ("--http1.1", "HTTP/1.1 200 ")])
def test_curl_gets_and_posts_by_both_versions(version: str, line: str, ports: Ports) -> None:
    posted = ("-X", "POST", "-H", f"Content-Type: {DNS}", "--data-binary", "@-")
    for found in (
        curl(ports, version),
        curl(ports, version, *posted, url=ports.url, given=QUERY.to_wire()),
    ):
        head, _, body = found.partition("\r\n\r\n")
        headers = head.lower()
        assert head.startswith(line)
        assert f"content-type: {DNS}" in headers
        assert re.search(r"^date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} gmt\r?$", headers, re.MULTILINE)
        assert "cache-control: private, max-age=60" in headers
        reply = dns.message.from_wire(body.encode("latin-1"))
        assert f"content-length: {len(body)}" in headers
        assert str(reply.answer[0][0]) == "192.0.2.7"


@pytest.mark.parametrize("version", ["--http2", "--http1.1"])
@pytest.mark.parametrize(
    ("options", "path", "status"),
    [
        ((), "?dns=*", 400),
        ((), "", 400),
        ((), "/other", 404),
        (("-X", "DELETE"), "", 405),
        (("-X", "BREW"), "", 501),
        (("--data-binary", "x" * 40000, "-H", f"Content-Type: {DNS}"), "", 413),
        (("--data-binary", "x" * 40, "-H", "Content-Type: text/plain"), "", 415),
        (("-I",), f"?dns={ASKED}", 200),
    ],
)
def test_what_is_wrong_gets_its_status(
    version: str, options: tuple[str, ...], path: str, status: int, ports: Ports
) -> None:
    found = curl(ports, version, "-H", "Expect:", *options, url=ports.url + path)
    assert found.split()[1] == str(status)


def test_openssl_sees_what_is_promised(ports: Ports) -> None:
    where = ("-connect", f"127.0.0.1:{ports.tls}", "-CAfile", str(ports.root))
    found = said("openssl", "s_client", *where, "-alpn", "dot", "-verify_hostname", "localhost")
    assert "Verify return code: 0 (ok)" in found
    assert "ALPN protocol: dot" in found
    older = said("openssl", "s_client", *where, "-tls1_2")
    assert "Secure Renegotiation IS supported" in older
    assert "Compression: NONE" in older
    again = said("openssl", "s_client", *where, "-tls1_2", given=b"R\n")  # asks for a renegotiation
    assert "192.0.2.7" not in again
    assert "renegotiation" in again.lower()


def test_h2load_gets_all_of_its_answers(ports: Ports) -> None:
    found = said("h2load", "-n", "2000", "-c", "10", "-m", "100", f"{ports.url}?dns={ASKED}")
    assert re.search(r"requests: 2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed", found)


def test_mutated_octets_inside_tls_leave_the_front_alive(ports: Ports) -> None:
    """The sessions themselves are tried with thousands in test_http2.py; these go all the way."""
    context = ssl.create_default_context(cafile=str(ports.root))
    context.set_alpn_protocols(["h2"])
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    client.send_headers(1, [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/dns-query")])
    octets = client.data_to_send()
    for turn in range(200):
        at = 24 + turn % (len(octets) - 24)
        changed = octets[:at] + bytes((octets[at] ^ (1 << turn % 8),)) + octets[at + 1 :]
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", ports.https), timeout=20) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as sock,
        ):
            sock.sendall(changed)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass
    assert "192.0.2.7" in said("dig", "@127.0.0.1", "-p", str(ports.https), "+https", "+short", NAME)
