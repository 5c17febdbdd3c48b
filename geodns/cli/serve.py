"""geodns serve: the keeper, with control and the workers as its children."""

import argparse
import asyncio
import logging
import socket
import sys
from collections.abc import Sequence

from geodns.answer.speed import SPEED
from geodns.answer.terms import COOKIES_OFF, COOKIES_ON, COOKIES_REQUIRED
from geodns.cli.arguments import argument
from geodns.cli.settings import add_config
from geodns.cli.verbs import Parsers
from geodns.cli.wishes import OFF, Wishes
from geodns.config.networks import parse_endpoint
from geodns.config.problem import ConfigError
from geodns.config.server import Settings, with_secrets
from geodns.config.settings_form import MOST_WORKERS
from geodns.control.folder import CannotUseFolder, StateFolder
from geodns.serve.certificate import Pair
from geodns.serve.keeper import Child, keep
from geodns.serve.logs import begin_logging
from geodns.serve.premises import Encrypted, Limits, Premises
from geodns.serve.sockets import CannotListen

HOSTNAME = "hostname"  # as an identity: the machine's name

_COOKIES = {"off": COOKIES_OFF, "on": COOKIES_ON, "required": COOKIES_REQUIRED}
_FASTER = "with a C compiler at the next install it will be compiled, and several times as fast"

log = logging.getLogger(__name__)


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "serve",
        description="Answer queries from zone files, probe the members, and open the admin endpoint.",
        epilog="example: geodns serve zones/ --listen 127.0.0.1:5300 --admin 127.0.0.1:8053",
    )
    add_config(parser)
    parser.add_argument("zones", nargs="*", metavar="ZONES", help="zone files, or folders of them")
    parser.add_argument(
        "--listen",
        action="append",
        default=[],
        type=_endpoint,
        metavar="ADDR:PORT",
        help="UDP and TCP; repeatable",
    )
    parser.add_argument("--admin", type=_admin_endpoint, metavar="ADDR:PORT", help=f"admin endpoint, or '{OFF}'")
    parser.add_argument("--workers", type=_worker_count, metavar="N", help="processes that answer; 0: one for all")
    parser.add_argument("--state", metavar="FOLDER", help="where generations, verdicts and overrides are kept")
    parser.add_argument("--no-watch", action="store_true", help="do not reload when a file changes")
    parser.add_argument("-v", "--verbose", action="store_true", help="log more")
    parser.set_defaults(run=run)


@argument
def _endpoint(text: str) -> str:
    return str(parse_endpoint(text))


@argument
def _admin_endpoint(text: str) -> str:
    return OFF if text == OFF else str(parse_endpoint(text))


@argument
def _worker_count(text: str) -> int:
    if not text.isdigit() or int(text) > MOST_WORKERS:
        raise ValueError(f"'{text}' is no number of workers from 0 to {MOST_WORKERS}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    wishes = Wishes(
        config=None if args.config is None else str(args.config),
        zones=tuple(args.zones),
        listen=tuple(args.listen),
        admin=args.admin,
        workers=args.workers,
        state=args.state,
        watch=not args.no_watch,
        verbose=args.verbose,
    )
    try:
        return _serve(wishes)
    except (ConfigError, CannotListen, CannotUseFolder) as error:
        print(error, file=sys.stderr)
        return 1


def _serve(wishes: Wishes) -> int:
    wishes = wishes.settled()
    settings = with_secrets(wishes.settings())
    if not settings.zones and not settings.secondaries:
        print("no zones: name zone files or a folder, or set `zones` in geodns.yaml", file=sys.stderr)
        return 2
    begin_logging(settings.log_level)
    folder = wishes.folder(settings)
    folder.lock()
    limits, encrypted, secrets = _limits(settings), _encrypted(settings), settings.cookies.secrets
    with Premises(settings.listen, max(1, settings.workers), limits, encrypted, secrets) as premises:
        _tell_endpoints(premises)
        log.info("the answer path runs %s", SPEED if SPEED == "compiled" else f"{SPEED}: {_FASTER}")
        if settings.workers == 0:
            from geodns.cli.control_process import run_alone

            return run_alone(wishes, premises, folder)
        answering = (*premises.workers(folder.path), *premises.fronts(folder.path))
        return asyncio.run(keep([_control_child(wishes, premises, folder), *answering]))


def _encrypted(settings: Settings) -> Encrypted:
    tls = settings.tls
    if tls is None:
        return Encrypted()
    pair = Pair(
        certificate=str(tls.certificate.absolute()),
        key=str(tls.key.absolute()),
        certificate_at=str(tls.certificate_at),
        key_at=str(tls.key_at),
    )
    return Encrypted(
        tls=settings.listen_tls,
        https=settings.listen_https,
        path=settings.https_path,
        pair=pair,
        # One process does all where it does everything else too.
        fronts=settings.fronts if settings.workers else 1,
    )


def _tell_endpoints(premises: Premises) -> None:
    for endpoint in premises.endpoints():
        log.info("listening on %s, UDP and TCP", endpoint)
    tls, https = premises.encrypted_endpoints()
    for endpoint in tls:
        log.info("listening on %s, DNS over TLS", endpoint)
    for endpoint in https:
        log.info("listening on %s, DNS over HTTPS", endpoint)


def _limits(settings: Settings) -> Limits:
    identity = socket.gethostname() if settings.identity == HOSTNAME else settings.identity
    return Limits(
        tcp_idle=settings.tcp_idle,
        tcp_connections=settings.tcp_clients,
        tcp_each=settings.tcp_clients_each,
        udp_segmentation=settings.udp_segmentation,
        spin=settings.spin,
        udp_payload=settings.udp_payload,
        cookies=_COOKIES[settings.cookies.mode],
        identity=identity or "",
        version=settings.version or "",
        extended_errors=settings.extended_errors,
        proxies=tuple(map(str, settings.proxies)),
        log_level=settings.log_level,
        rate_limit=settings.rate_limit,
    )


def _control_child(wishes: Wishes, premises: Premises, folder: StateFolder) -> Child:
    files = premises.control_files()
    argv: Sequence[str] = (
        *(sys.executable, "-P", "-m", "geodns.cli.control_process"),
        *(wishes.encode(), files.encode(), str(folder.path)),
    )
    return Child(name="control", argv=tuple(argv), fds=files.fds(), takes_hangup=True)
