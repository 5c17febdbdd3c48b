"""Servers that tell their load, to be probed: a web server in JSON, and an agent in a line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import TypeVar

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


class Agent(ThreadingTCPServer):
    """Says its line to whoever connects."""

    allow_reuse_address = True

    def __init__(self, address: str, port: int) -> None:
        self.line = "up"
        super().__init__((address, port), _Line)


class _Line(BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Agent)
        self.request.sendall(f"{self.server.line}\n".encode())


S = TypeVar("S", Laden, Agent)


@contextmanager
def running(kind: type[S], *addresses: str) -> Iterator[tuple[int, list[S]]]:
    """One at each address, and their port."""
    port = free_port(*addresses)
    servers = [kind(address, port) for address in addresses]
    try:
        for server in servers:
            Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield port, servers
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
