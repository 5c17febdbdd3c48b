"""dnsdist in front of geodns: whoever asks it gets the answer for where he is, by UDP and TCP; and a proxy before TLS
and HTTPS, which passes on what it cannot read."""

import base64
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import pytest

from tests.daemons import program
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, PATIENCE, Server, serving
from tests.serve.certificates import issue
from tests.serve.proxy_headers import header

pytestmark = pytest.mark.sockets

PROXY = "127.0.0.53"  # where dnsdist asks from
NEAR, FAR = "127.0.1.1", "127.0.2.1"

ZONE = """\
zone: example.com
pools:
  near: {members: {n: {A: 192.0.2.1}}}
  far: {members: {f: {A: 192.0.2.2}}}
  proxy: {members: {p: {A: 192.0.2.3}}}
policies:
  where:
    rules:
      - {network: 127.0.1.0/24, pools: [near]}
      - {network: 127.0.0.53, pools: [proxy]}
      - {pools: [far]}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {policy: where}
"""


@contextmanager
def proxied(tmp_path: Path) -> Iterator[tuple[Server, int]]:
    """geodns, and the port of the dnsdist before it."""
    zone, settings = tmp_path / "example.com.yaml", tmp_path / "geodns.yaml"
    zone.write_text(ZONE)
    settings.write_text(f"proxies: {PROXY}\n")
    with serving(zone, state=tmp_path / "state", options=("-c", str(settings))) as server:
        port = free_port(LOCAL)
        config = tmp_path / "dnsdist.conf"
        config.write_text(
            f'setLocal("{LOCAL}:{port}")\n'
            'setACL("127.0.0.0/8")\n'
            f'newServer({{address="{LOCAL}:{server.port}", source="{PROXY}", useProxyProtocol=true, '
            'checkName="www.example.com.", mustResolve=true, checkInterval=1})\n'
        )
        with subprocess.Popen(
            [program("dnsdist", "dnsdist"), "--supervised", "--disable-syslog", "-C", str(config)],
            stdout=subprocess.DEVNULL,
        ) as process:
            try:
                wait_for(port)
                yield server, port
            finally:
                process.terminate()


def wait_for(port: int) -> None:
    """Until the proxy has found geodns to be up."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if ask(port, NEAR, timeout=0.5):
                return
        except (dns.exception.Timeout, OSError):
            time.sleep(0.05)
    pytest.fail("the proxy passes nothing on")


def ask(port: int, client: str, *, tcp: bool = False, timeout: float = PATIENCE) -> list[str]:
    send = dns.query.tcp if tcp else dns.query.udp
    reply = send(dns.message.make_query("www.example.com.", "A"), LOCAL, timeout, port, source=client)
    return [rdata.to_text() for rrset in reply.answer for rdata in rrset]


def test_the_answer_is_for_whom_the_proxy_asks(tmp_path: Path) -> None:
    with proxied(tmp_path) as (server, port):
        for tcp in (False, True):
            assert ask(port, NEAR, tcp=tcp) == ["192.0.2.1"]
            assert ask(port, FAR, tcp=tcp) == ["192.0.2.2"]
        assert ask(server.port, NEAR) == ["192.0.2.1"], "who is not listed speaks for himself"
        assert server.metric("geodns_events_total") > 0
        refused = [
            each.value for each in server.samples("geodns_events_total") if each.labels["event"] == "proxy_refused"
        ]
        assert refused == [0]


def test_who_is_listed_and_speaks_plain_dns_gets_no_answer(tmp_path: Path) -> None:
    with proxied(tmp_path) as (server, _):
        with pytest.raises(dns.exception.Timeout):
            ask(server.port, PROXY, timeout=0.5)
        with pytest.raises((EOFError, OSError)):
            ask(server.port, PROXY, tcp=True)


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("encrypted")
    pair = issue(folder)
    tls, https = free_port(LOCAL), free_port(LOCAL)
    zone, settings = folder / "example.com.yaml", folder / "geodns.yaml"
    zone.write_text(ZONE)
    settings.write_text(
        f"proxies: {PROXY}\n"
        f"listen_tls: {LOCAL}:{tls}\n"
        f"listen_https: {LOCAL}:{https}\n"
        f"tls: {{certificate: {pair.certificate}, key: {pair.key}}}\n"
    )
    with serving(zone, state=folder / "state", options=("-c", str(settings))) as server:
        server.tls, server.https = tls, https
        server.wait_until(lambda: all(row["generation"] for row in server.status()["fronts"]), "the front serves")
        yield server


@contextmanager
def passed_on(port: int, client: str | None, protocol: str) -> Iterator[ssl.SSLSocket]:
    """A connection of the proxy, for this client; None: it says nothing of one."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    with socket.create_connection((LOCAL, port), PATIENCE, source_address=(PROXY, 0)) as plain:
        plain.sendall(b"" if client is None else header(client, kind=1))
        with context.wrap_socket(plain) as sock:
            yield sock


QUERY = dns.message.make_query("www.example.com.", "A", id=0).to_wire()


def over_tls(server: Server, client: str | None) -> bytes:
    with passed_on(server.tls, client, "dot") as sock, sock.makefile("rb") as stream:
        sock.sendall(len(QUERY).to_bytes(2, "big") + QUERY)
        return stream.read(int.from_bytes(stream.read(2), "big"))


def over_https(server: Server, client: str | None) -> bytes:
    asked = base64.urlsafe_b64encode(QUERY).rstrip(b"=")
    with passed_on(server.https, client, "http/1.1") as sock:
        sock.sendall(b"GET /dns-query?dns=" + asked + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        response = HTTPResponse(sock)
        response.begin()
        return response.read()


@pytest.mark.parametrize("ask_over", [over_tls, over_https])
def test_before_what_is_encrypted_the_proxy_says_it_as_well(
    encrypted: Server, ask_over: Callable[[Server, str | None], bytes]
) -> None:
    for client, address in ((NEAR, "192.0.2.1"), (FAR, "192.0.2.2")):
        reply = dns.message.from_wire(ask_over(encrypted, client))
        assert [rdata.to_text() for rrset in reply.answer for rdata in rrset] == [address]
    with pytest.raises((OSError, EOFError)):
        ask_over(encrypted, None)
