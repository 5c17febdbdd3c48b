"""Members to be probed: real servers on loopback addresses, and certificates for them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import trustme
from aiohttp import web

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def says(text: str, status: int = 200, **headers: str) -> Answer:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(text=text, status=status, headers=headers)

    return answer


@asynccontextmanager
async def serving(answer: Answer, at: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """An HTTP server that gives this answer to every request; yields its port."""
    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, at, 0, ssl_context=tls).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def blurting(octets: bytes | None, at: str = "127.0.0.1") -> AsyncIterator[int]:
    """A TCP server that sends these octets to whoever connects and hangs up; None: it says nothing and waits."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if octets is None:
            await over.wait()
        else:
            await reader.read(1)
            writer.write(octets)
        writer.close()

    server = await asyncio.start_server(serve, at, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.01)  # the transports close in the next rounds of the loop


async def closed_port(at: str = "127.0.0.1") -> int:
    """A port that was free a moment ago."""
    async with blurting(b"", at) as port:
        return port


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority, and the file that a check names as `ca`."""

    ca: trustme.CA
    file: str

    def server(self, *names: str, end: datetime | None = None, asked: list[str | None] | None = None) -> ssl.SSLContext:
        """For a server with a certificate for these names; the names that clients ask for are noted in `asked`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, not_after=end).configure_cert(context)

        def note(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
            if asked is not None:
                asked.append(name)

        context.sni_callback = note
        return context


def authority(folder: Path) -> Authority:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    return Authority(ca, str(folder / "ca.pem"))
