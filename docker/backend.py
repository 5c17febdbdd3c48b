"""A backend of the demo: `backend.py NAME ADDRESS:PORT` answers with its name on / and /healthz."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Backend(ThreadingHTTPServer):
    def __init__(self, name: str, address: str, port: int) -> None:
        self.name = name
        super().__init__((address, port), Answer)


class Answer(BaseHTTPRequestHandler):
    server: Backend
    timeout = 5.0  # seconds: who connects and says nothing keeps no thread

    def do_GET(self) -> None:
        if self.path not in ("/", "/healthz"):
            self.send_error(404)
            return
        body = f"{self.server.name}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """A probe a second is no news."""


def main() -> None:
    name, endpoint = sys.argv[1:]
    address, _, port = endpoint.rpartition(":")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # process 1 of a container has no default for it
    with Backend(name, address, int(port)) as backend:
        print(f"{name} answers on http://{endpoint}", flush=True)
        backend.serve_forever()


if __name__ == "__main__":
    main()
