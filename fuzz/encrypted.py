"""A geodns that listens for TLS and HTTPS too, and packets that go to it by these."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection

import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, StreamEnded

from fuzz.desk import ZONE
from fuzz.laws import IDENTITY, PAYLOAD
from fuzz.packets import HEADER
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, PATIENCE, Server, serving

_SETTINGS = """\
listen_tls: 127.0.0.1:{tls}
listen_https: 127.0.0.1:{https}
tls: {{certificate: cert.pem, key: key.pem}}
udp_payload: {payload}
identity: {identity}
"""


@contextmanager
def serving_all(folder: Path) -> Iterator[Server]:
    """The zone beside this file, by every transport."""
    leaf = trustme.CA().issue_cert(LOCAL)
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    tls, https = free_port(LOCAL), free_port(LOCAL)
    settings = folder / "geodns.yaml"
    settings.write_text(_SETTINGS.format(tls=tls, https=https, payload=PAYLOAD, identity=IDENTITY))
    with serving(ZONE, state=folder / "state", options=("-c", str(settings))) as server:
        server.tls, server.https = tls, https
        server.wait_until(lambda: all(row["generation"] for row in server.status()["fronts"]), "the front serves")
        yield server


def connected(server: Server, port: int, protocol: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    return context.wrap_socket(create_connection((server.host, port), PATIENCE))


def by_https(server: Server, sent: Sequence[bytes]) -> list[bytes]:
    """As requests of one connection, all at once; what is no query is refused there by a status without a body."""
    client = H2Connection(H2Configuration(client_side=True))
    client.initiate_connection()
    with connected(server, server.https, "h2") as sock:
        streams = [_post(client, packet) for packet in sent if len(packet) >= HEADER]
        sock.sendall(client.data_to_send())
        bodies, open_streams = dict.fromkeys(streams, b""), set(streams)
        while open_streams:
            octets = sock.recv(65535)
            assert octets, "the connection stays until the last query is answered"
            for event in client.receive_data(octets):
                if isinstance(event, DataReceived):
                    bodies[event.stream_id] += event.data
                    client.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, StreamEnded):
                    open_streams.discard(event.stream_id)
            sock.sendall(client.data_to_send())
    return [body for body in bodies.values() if body]


def _post(client: H2Connection, packet: bytes) -> int:
    stream = client.get_next_available_stream_id()
    client.send_headers(
        stream,
        [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", LOCAL),
            (":path", "/dns-query"),
            ("content-type", "application/dns-message"),
        ],
    )
    for at in range(0, len(packet), 16384):
        client.send_data(stream, packet[at : at + 16384])
    client.end_stream(stream)
    return stream
