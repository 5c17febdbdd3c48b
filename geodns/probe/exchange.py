"""One HTTP request to one address: a fresh connection, no redirect, no proxy, a bounded body.

A session lives as long as its request. A shared one would have to be opened, passed to every probe and closed again;
a kept connection would say that a member is up which no longer accepts new ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

from geodns.model.place import Address
from geodns.probe.expect import Expect
from geodns.probe.failure import failure
from geodns.probe.request import Request

MAX_BODY = 64 * 1024  # octets; a health page is smaller, and what sends more must not fill our memory

_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)  # the prober's holds for the whole probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that passed. `certificate`: as `ssl.SSLSocket.getpeercert` has it; empty where none was verified."""

    status: int
    certificate: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """`200 OK`, in the standard's words: what the member says there is not ours to repeat."""
        known = self.status in HTTPStatus.__members__.values()
        return f"{self.status} {HTTPStatus(self.status).phrase}" if known else str(self.status)


async def exchange(request: Request, address: Address, expect: Expect) -> Reply:
    """Asks and judges; raises ProbeFailed where the answer is not as expected, or is none."""
    try:
        async with _session() as session, _ask(session, request, address) as response:
            assert isinstance(response, _Response)
            expect.judge_status(response.status)
            if expect.body is not None:
                expect.judge_body(await _read(response))
            return Reply(status=response.status, certificate=response.certificate)
    except (OSError, aiohttp.ClientError) as error:
        raise failure(error) from error


class _Response(aiohttp.ClientResponse):
    """Notes the certificate at the first moment: the connection is gone once a short body has come."""

    certificate: Mapping[str, object] = {}

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        transport = connection.transport
        self.certificate = (transport and transport.get_extra_info("peercert")) or {}
        return await super().start(connection)


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True, use_dns_cache=False),
        cookie_jar=aiohttp.DummyCookieJar(),
        response_class=_Response,
        timeout=_NO_TIMEOUT,
        auto_decompress=False,
        trust_env=False,
    )


def _ask(session: aiohttp.ClientSession, request: Request, address: Address) -> "aiohttp.client._RequestContextManager":
    return session.request(
        request.method,
        request.url(address),
        headers=request.all_headers(),
        allow_redirects=False,
        ssl=request.tls or False,
        server_hostname=request.host if request.tls else None,
    )


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    while len(body) < MAX_BODY and (chunk := await response.content.read(MAX_BODY - len(body))):
        body += chunk
    return body
