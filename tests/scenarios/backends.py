"""Web servers to be probed and killed: each on a loopback address of its own, all on one port."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.scenarios.ports import free_port


class Backend:
    """Answers every GET with its status while it runs."""

    def __init__(self, address: str, port: int) -> None:
        self._at = (address, port)
        self._server: _Server | None = None

    def start(self, status: int = 200) -> None:
        """Also where it runs already: then with this status from now on."""
        self.kill()
        self._server = _Server(self._at, status)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def kill(self) -> None:
        """From now on connections are refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    def __init__(self, at: tuple[str, int], status: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
        self.status = status
        super().__init__(at, _Answer)


class _Answer(BaseHTTPRequestHandler):
    timeout = 2.0  # seconds: a probe that hangs up in between keeps no thread

    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@contextmanager
def running(addresses: Mapping[str, str]) -> Iterator[tuple[int, dict[str, Backend]]]:
    """A backend for each name, and their port."""
    port = free_port(*addresses.values())
    backends = {name: Backend(address, port) for name, address in addresses.items()}
    try:
        for backend in backends.values():
            backend.start()
        yield port, backends
    finally:
        for backend in backends.values():
            backend.kill()
