"""Who is let in, and what is said to those who are not. Wraps every route.

In this order: 1. the Host header is ours (hosts.py), 2. a page of another site did not send it, 3. the token may do
this, 4. the body is JSON, small, and comes in time. No CORS and no cookies, so no page can borrow an operator's rights.
"""

import asyncio
import logging
from collections.abc import Collection
from contextvars import ContextVar
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from geodns.admin import hosts
from geodns.admin.refusal import Refused
from geodns.admin.replies import reply
from geodns.admin.token_file import TokenFile
from geodns.admin.tokens import LOCAL, Holder
from geodns.model.endpoint import Endpoint

log = logging.getLogger(__name__)

AUTHOR: ContextVar[str] = ContextVar("author")  # of the request under way: the name of the token's holder
OPEN = ("/healthz", "/readyz")  # asked by load balancers and orchestrators, which have no token
LARGEST_BODY = 4096  # octets
BODY_WITHIN = 10.0  # seconds
_READING = ("GET", "HEAD")


def guard(further_hosts: Collection[str], tokens: TokenFile | None) -> Middleware:
    """`tokens` None: whoever reaches the endpoint may do everything."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        _check_names(request, hosts.own_names(_local(request), further_hosts))
        holder = LOCAL if tokens is None else _holder(request, tokens)
        AUTHOR.set(holder.name)
        if request.can_read_body and request.method not in _READING:
            await _take_body(request)
        return await handler(request)

    return guarded


@web.middleware
async def in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong further in is said in JSON."""
    try:
        return await handler(request)
    except Refused as refused:
        return reply({"error": refused.sentence}, refused.status, refused.headers)
    except web.HTTPException as error:
        return _in_our_words(request, error)
    except Exception:
        log.exception("a fault of ours at %s %s", request.method, request.path)
        return reply({"error": "a fault in geodns; its log has the details, please report it"}, 500)


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    """Headers of every reply."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Server"] = "geodns"


def _local(request: web.Request) -> Endpoint:
    """Where the connection came in."""
    found = request.transport.get_extra_info("sockname") if request.transport else None
    if found is None:
        raise Refused(400, "the connection is gone")
    address, port = found[:2]
    return Endpoint(ip_address(address), port)


def _check_names(request: web.Request, names: Collection[str]) -> None:
    if reason := hosts.why_not_ours(request.headers.getall("Host", []), names):
        raise Refused(421, reason)
    origin = request.headers.get("Origin")
    if origin is not None and not hosts.is_own_origin(origin, names):
        raise Refused(403, f"pages of {origin} may not ask this endpoint")


def _holder(request: web.Request, file: TokenFile) -> Holder:
    if request.path in OPEN:
        return LOCAL
    holder = file.tokens().holder_of(request.headers.get("Authorization", ""))
    if holder is None:
        sentence = "a token is needed, one of the tokens file: send 'Authorization: Bearer TOKEN'"
        raise Refused(401, sentence, {"WWW-Authenticate": 'Bearer realm="geodns"'})
    if request.method not in _READING and holder.role != "write":
        raise Refused(403, f"the token of '{holder.name}' may only read; {request.method} needs one with role: write")
    return holder


async def _take_body(request: web.Request) -> None:
    """Read here, so that no route waits for a slow client; the request keeps it."""
    if request.content_type != "application/json":
        raise Refused(415, "the body has to be JSON, sent with 'Content-Type: application/json'")
    try:
        async with asyncio.timeout(BODY_WITHIN):
            await request.read()
    except TimeoutError:
        raise Refused(408, f"the body did not come within {BODY_WITHIN:g} seconds") from None


def _in_our_words(request: web.Request, error: web.HTTPException) -> web.Response:
    headers: dict[str, str] = {}
    match error:
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            sentence, headers = f"{request.method} is not done here; do {allowed}", {"Allow": allowed}
        case web.HTTPNotFound():
            sentence = f"there is nothing at {request.path}; the API begins at /api/v1/status"
        case web.HTTPRequestEntityTooLarge():
            sentence = f"the body is larger than {LARGEST_BODY} octets"
        case _:
            sentence = error.reason or "the request cannot be answered"
    return reply({"error": sentence}, error.status, headers)
