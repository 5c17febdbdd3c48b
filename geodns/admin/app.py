"""The admin endpoint: HTTP on one address. What it says and does is in api.py, who may ask in guard.py."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable
from ipaddress import ip_address

from aiohttp import web

from geodns.admin.api import Api
from geodns.admin.guard import LARGEST_BODY, guard, harden, in_json
from geodns.admin.metrics import Metrics
from geodns.admin.token_file import TokenFile
from geodns.config.problem import ConfigError
from geodns.config.server import AdminSettings
from geodns.control.control import Control
from geodns.model.endpoint import Endpoint

log = logging.getLogger(__name__)

IDLE = 75.0  # seconds without a whole request after which a connection is closed; longer than most scrape intervals
LEAVE = 1.0  # seconds for the requests under way when it ends


class CannotServe(Exception):
    """There can be no admin endpoint as the settings want it; the message names the way out."""


async def serve_admin(
    control: Control,
    settings: AdminSettings,
    metrics: Metrics,
    *,
    started: Callable[[tuple[str, int]], None] = lambda _: None,
) -> None:
    """Until cancelled. `started` is told the address and port. Raises CannotServe."""
    if settings.listen is None:
        return
    tokens = _tokens(settings, settings.listen)
    runner = web.AppRunner(
        make_app(control, settings, metrics, tokens),
        access_log=None,
        auto_decompress=False,
        keepalive_timeout=IDLE,
        lingering_time=LEAVE,
        shutdown_timeout=LEAVE,
    )
    await runner.setup()
    try:
        await _listen(runner, settings.listen)
        where = runner.addresses[0][:2]
        log.info("admin endpoint on http://%s", Endpoint(ip_address(where[0]), where[1]))
        started(where)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def make_app(control: Control, settings: AdminSettings, metrics: Metrics, tokens: TokenFile | None) -> web.Application:
    app = web.Application(middlewares=[in_json, guard(settings.hosts, tokens)], client_max_size=LARGEST_BODY)
    app.on_response_prepare.append(harden)
    app.add_routes(Api(control, metrics).routes())
    return app


def _tokens(settings: AdminSettings, listen: Endpoint) -> TokenFile | None:
    """Whoever can reach a loopback address can reach the state folder too; others have to show who they are."""
    if settings.tokens is not None:
        try:
            return TokenFile(settings.tokens)
        except ConfigError as error:
            raise CannotServe(str(error)) from None
    if listen.address.is_loopback:
        return None
    raise CannotServe(
        f"the admin endpoint does not listen on {listen} without tokens, for anybody could reach it: "
        f"name a file with tokens as admin.tokens in geodns.yaml, or listen on 127.0.0.1:{listen.port}"
    )


async def _listen(runner: web.AppRunner, endpoint: Endpoint) -> None:
    """Binds by itself: from Python 3.13 on, asyncio hides why it could not."""
    family = socket.AF_INET6 if endpoint.address.version == 6 else socket.AF_INET
    try:
        sock = socket.create_server((str(endpoint.address), endpoint.port), family=family)
    except OSError as error:
        raise CannotServe(f"{endpoint}: {_why(error)}") from None
    await web.SockSite(runner, sock).start()


def _why(error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return "another program listens there; end it, or name another address with --admin"
        case errno.EACCES:
            return "ports below 1024 need CAP_NET_BIND_SERVICE; name another port with --admin"
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address; name one that it has with --admin"
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"{reason}; name another address with --admin"
