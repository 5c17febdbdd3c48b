"""A large zone goes to those who take it, and to those who do not: nobody else has to wait for either."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import dns.message
import pytest
import trustme

from tests.scenarios.ports import free_port
from tests.scenarios.processes import children_of, name_of
from tests.scenarios.server import LOCAL, PATIENCE, Server, serving

pytestmark = pytest.mark.sockets

RECORDS = 100_000
STALLED = 20
CA = trustme.CA()
TLS_PORT = free_port(LOCAL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("large")
    lines = "".join(f"host{number} 300 IN A 192.0.2.{number % 256}\n" for number in range(RECORDS))
    head = "$ORIGIN example.com.\n@ 300 IN SOA ns1 host 7 3600 900 86400 60\n@ 300 IN NS ns1\nns1 300 IN A 192.0.2.1\n"
    (folder / "example.com.zone").write_text(head + lines)
    leaf = CA.issue_cert("localhost")
    leaf.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    leaf.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "geodns.yaml").write_text(
        "zones: example.com.zone\ntransfer: {allow: 127.0.0.0/8}\ntcp_idle: 5s\n"
        f"listen_tls: {LOCAL}:{TLS_PORT}\ntls: {{certificate: chain.pem, key: key.pem}}\n"
    )
    with serving(state=folder / "state", options=["-c", str(folder / "geodns.yaml")], workers=1) as running:
        yield running


def ask_for_copy(server: Server, *, encrypted: bool = False) -> socket.socket:
    connection = socket.create_connection((LOCAL, TLS_PORT if encrypted else server.port), timeout=PATIENCE)
    if encrypted:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["dot"])
        CA.configure_trust(context)
        connection = context.wrap_socket(connection, server_hostname="localhost")
    query = dns.message.make_query("example.com.", "AXFR").to_wire()
    connection.sendall(len(query).to_bytes(2, "big") + query)
    return connection


def messages(connection: socket.socket) -> Iterator[bytes]:
    with connection.makefile("rb") as stream:
        while size := stream.read(2):
            yield stream.read(int.from_bytes(size, "big"))


def records_of_copy(server: Server, *, encrypted: bool = False) -> int:
    """Until the second SOA."""
    found = 0
    with ask_for_copy(server, encrypted=encrypted) as connection:
        for message in messages(connection):
            found += int.from_bytes(message[6:8], "big")
            if found == RECORDS + 4:
                last = dns.message.from_wire(message, one_rr_per_rrset=True).answer[-1]
                assert last.to_text().split()[3] == "SOA"
                return found
    return found


def resident(server: Server) -> int:
    """Kilobytes of the worker."""
    (pid,) = (pid for pid in children_of(server.process.pid) if name_of(pid) == "worker 0")
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


@pytest.mark.parametrize("encrypted", [False, True], ids=["TCP", "TLS"])
def test_a_hundred_thousand_records_are_copied(server: Server, encrypted: bool) -> None:
    """By TLS too (RFC 9103)."""
    assert records_of_copy(server, encrypted=encrypted) == RECORDS + 4


def test_who_does_not_read_costs_little_and_keeps_nobody_waiting(server: Server) -> None:
    before = resident(server)
    connections = [ask_for_copy(server) for _ in range(STALLED)]
    try:
        for number in range(20):
            name = f"host{number * 777}.example.com."
            for tcp in (False, True):
                assert server.ask(name, tcp=tcp, timeout=PATIENCE).answer[0][0].to_text().startswith("192.0.2.")
        assert records_of_copy(server) == RECORDS + 4
        assert resident(server) - before < 30_000
        time.sleep(5.5)  # the idle limit
        server.wait_until(lambda: _has_shed(server), "those who take nothing are cut off")
    finally:
        for connection in connections:
            connection.close()


def _has_shed(server: Server) -> bool:
    found = {sample.labels["event"]: sample.value for sample in server.samples("geodns_events_total")}
    return found.get("connection_idle", 0) >= STALLED
