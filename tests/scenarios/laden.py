"""A web server that tells its load in JSON, to be probed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.scenarios.ports import free_port


class Laden(ThreadingHTTPServer):
    """`load` None: the answer says nothing of it."""

    def __init__(self, address: str, port: int) -> None:
        self.load: float | None = 0.0
        super().__init__((address, port), _Answer)


class _Answer(BaseHTTPRequestHandler):
    timeout = 2.0  # seconds

    def do_GET(self) -> None:
        assert isinstance(self.server, Laden)
        load = self.server.load
        body = json.dumps({"stats": {} if load is None else {"load": load}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@contextmanager
def running(*addresses: str) -> Iterator[tuple[int, list[Laden]]]:
    """One at each address, and their port."""
    port = free_port(*addresses)
    servers = [Laden(address, port) for address in addresses]
    try:
        for server in servers:
            Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield port, servers
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
