"""One connection to one address, in the clear or under TLS: opened, written to, read, closed.

Bare sockets on the loop, since a probe makes a connection for one question: asyncio's streams and transports cost three
times as much, and its TLS transports take 256 KiB each. What goes wrong is an OSError; whoever asks has the timeout.
"""

import asyncio
import errno
import os
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from geodns.model.place import Address

AT_ONCE = 16 * 1024  # octets read in one go


class Connection(Protocol):
    async def send(self, octets: bytes) -> None: ...

    async def receive(self) -> bytes:
        """What has come; empty at its end."""
        ...


async def connect(address: Address, port: int, kind: int = socket.SOCK_STREAM) -> "Plain":
    """In the clear. With SOCK_DGRAM nothing is sent yet; that it is refused shows when an answer is to be received."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    plain = Plain(socket.socket(family, kind | socket.SOCK_NONBLOCK))
    try:
        await plain.connect((str(address), port))
    except BaseException:
        plain.close()
        raise
    return plain


class Plain:
    """A socket that does not block. Each operation is tried at once and waited for only where it has to be."""

    __slots__ = ("_sock",)

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    async def connect(self, where: tuple[str, int]) -> None:
        error = self._sock.connect_ex(where)
        if error == errno.EINPROGRESS:
            await self._writable()
            error = self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))

    async def send(self, octets: bytes) -> None:
        sent = 0
        while sent < len(octets):
            try:
                sent += self._sock.send(octets[sent:])
            except BlockingIOError:
                await self._writable()

    async def receive(self) -> bytes:
        while True:
            try:
                return self._sock.recv(AT_ONCE)
            except BlockingIOError:
                await self._readable()

    def close(self) -> None:
        """At once, whatever is still to be read."""
        self._sock.close()

    # Registered by number: of a socket object, the selector would write a long text each time.

    async def _readable(self) -> None:
        loop, waiter = _waiter()
        loop.add_reader(self._sock.fileno(), _wake, waiter)
        try:
            await waiter
        finally:
            loop.remove_reader(self._sock.fileno())

    async def _writable(self) -> None:
        loop, waiter = _waiter()
        loop.add_writer(self._sock.fileno(), _wake, waiter)
        try:
            await waiter
        finally:
            loop.remove_writer(self._sock.fileno())


def _waiter() -> "tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]":
    loop = asyncio.get_running_loop()
    return loop, loop.create_future()


def _wake(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)


async def secure(plain: Plain, context: ssl.SSLContext, host: str) -> "Secured":
    """Under TLS: shaken hands with, and the certificate verified as the context says."""
    read, written = ssl.MemoryBIO(), ssl.MemoryBIO()
    secured = Secured(plain, context.wrap_bio(read, written, server_hostname=host), read, written)
    await secured.shake_hands()
    return secured


@dataclass(frozen=True, slots=True)
class Secured:
    """OpenSSL between two buffers: `_read` holds what has come, `_written` what is to be sent."""

    _plain: Plain
    _tls: ssl.SSLObject
    _read: ssl.MemoryBIO
    _written: ssl.MemoryBIO

    @property
    def certificate(self) -> dict[str, object]:
        """As `ssl.SSLSocket.getpeercert` has it; empty where none was verified."""
        return dict(self._tls.getpeercert() or {})

    async def shake_hands(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._fill():
                    raise ConnectionResetError from None
                continue
            except ssl.SSLError:
                with suppress(OSError):  # the alert that says why
                    await self._flush()
                raise
            return await self._flush()

    async def send(self, octets: bytes) -> None:
        self._tls.write(octets)
        await self._flush()

    async def receive(self) -> bytes:
        while True:
            try:
                return self._tls.read(AT_ONCE)
            except ssl.SSLWantReadError:
                if not await self._fill():
                    return b""
            except ssl.SSLZeroReturnError:
                return b""

    async def take_leave(self) -> None:
        """So that the member's log says nothing of a connection that broke off."""
        with suppress(OSError):  # it has answered; how it takes our leave is no matter
            self._tls.unwrap()
        with suppress(OSError):
            await self._flush()

    async def _fill(self) -> bool:
        octets = await self._plain.receive()
        self._read.write(octets)
        return bool(octets)

    async def _flush(self) -> None:
        if octets := self._written.read():
            await self._plain.send(octets)
