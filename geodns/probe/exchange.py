"""One HTTP request to one address: a fresh connection, no redirect, no proxy, a bounded body.

A kept connection would say that a member is up which no longer accepts new ones.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from http import HTTPStatus

from geodns.model.place import Address
from geodns.probe.connection import Connection, connect, secure
from geodns.probe.expect import Expect
from geodns.probe.failure import failure
from geodns.probe.request import Request
from geodns.probe.response import Reader, read_body, read_head


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that passed. `certificate`: as `ssl.SSLSocket.getpeercert` has it; empty where none was verified.
    `body`: its beginning, where it was read."""

    status: int
    body: bytes = b""
    certificate: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _said(self.status)


@lru_cache(maxsize=1024)
def _said(status: int) -> str:
    """`200 OK`, in the standard's words: what the member says there is not ours to repeat."""
    known = status in HTTPStatus.__members__.values()
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)


async def exchange(request: Request, address: Address, expect: Expect, *, with_body: bool = False) -> Reply:
    """Asks and judges; raises ProbeFailed where the answer is not as expected, or is none."""
    with_body = with_body or expect.body is not None
    try:
        with closing(await connect(address, request.port)) as plain:
            if request.tls is None:
                return await _ask(plain, request, address, expect, with_body)
            secured = await secure(plain, request.tls, request.host or str(address))
            reply = await _ask(secured, request, address, expect, with_body)
            await secured.take_leave()
            return replace(reply, certificate=secured.certificate)
    except OSError as error:
        raise failure(error) from error


async def _ask(connection: Connection, request: Request, address: Address, expect: Expect, with_body: bool) -> Reply:
    """An answer that passed."""
    await connection.send(request.octets(address))
    reader = Reader(connection)
    head = await read_head(reader)
    expect.judge_status(head.status)
    body = await read_body(reader, head) if with_body else b""
    expect.judge_body(body)
    return Reply(status=head.status, body=body)
