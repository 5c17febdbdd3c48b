"""dnsdist in front of geodns: whoever asks it gets the answer for where he is, by UDP and TCP."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import pytest

from tests.daemons import program
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, PATIENCE, Server, serving

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
