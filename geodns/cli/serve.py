"""geodns serve: the keeper, with control and the workers as its children.

What the command line says is kept as `Wishes` and laid over geodns.yaml again at each reload.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from geodns.cli.settings import add_config, settings_for
from geodns.config.networks import parse_endpoint
from geodns.config.problem import ConfigError
from geodns.config.server import Settings
from geodns.control.folder import FolderTaken, StateFolder, default_folder
from geodns.serve.keeper import Child, keep
from geodns.serve.logs import begin_logging
from geodns.serve.premises import Limits, Premises
from geodns.serve.sockets import CannotListen

log = logging.getLogger(__name__)

OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The command line of `serve`, in a form that can be handed to a child. None: geodns.yaml decides."""

    config: str | None = None
    zones: tuple[str, ...] = ()
    listen: tuple[str, ...] = ()
    admin: str | None = None
    workers: int | None = None
    state: str | None = None
    watch: bool = True
    verbose: bool = False
    at_start: str = ""  # what geodns.yaml said of the things that are settled then
    tokens: str | None = None  # with `at_start`: the admin endpoint's
    hosts: tuple[str, ...] = ()

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "Wishes":
        given = json.loads(text)
        lists = {key: tuple(given[key]) for key in ("zones", "listen", "hosts")}
        return cls(**{**given, **lists})

    def settled(self) -> "Wishes":
        """With all that cannot change while geodns runs as it is now. Raises ConfigError."""
        said = self._file()
        settings = self._over(said)
        admin = settings.admin
        return replace(
            self,
            listen=tuple(map(str, settings.listen)),
            workers=settings.workers,
            admin=OFF if admin.listen is None else str(admin.listen),
            tokens=None if admin.tokens is None else str(admin.tokens.absolute()),
            hosts=admin.hosts,
            at_start=_needs_restart(said),
        )

    def settings(self) -> Settings:
        """Raises ConfigError."""
        said = self._file()
        if self.at_start and self.at_start != _needs_restart(said):
            log.warning("%s: listen, workers or admin have changed; that takes hold at the next start", self.config)
        return self._over(said)

    def _file(self) -> Settings:
        return settings_for(_path(self.config), [Path(zone) for zone in self.zones])

    def settings_or_defaults(self) -> Settings:
        """For a child that comes back while geodns.yaml is broken: it must be able to say so."""
        try:
            return self.settings()
        except ConfigError:
            return self._over(Settings())

    def _over(self, settings: Settings) -> Settings:
        if self.listen:
            settings = replace(settings, listen=tuple(map(parse_endpoint, self.listen)))
        if self.admin is not None:
            endpoint = None if self.admin == OFF else parse_endpoint(self.admin)
            settings = replace(settings, admin=replace(settings.admin, listen=endpoint))
        if self.workers is not None:
            settings = replace(settings, workers=self.workers)
        if self.at_start:
            settings = replace(settings, admin=replace(settings.admin, tokens=_path(self.tokens), hosts=self.hosts))
        return replace(
            settings,
            state=_path(self.state) or settings.state,
            watch=settings.watch and self.watch,
            log_level="debug" if self.verbose else settings.log_level,
        )

    def folder(self, settings: Settings) -> StateFolder:
        served = _path(self.config) or (settings.zones[0] if settings.zones else Path.cwd())
        return StateFolder((settings.state or default_folder(os.environ, served)).absolute())


def _needs_restart(said: Settings) -> str:
    return repr((said.listen, said.workers, said.admin))


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def add_parser(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser(
        "serve",
        help="answer queries",
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


def _endpoint(text: str) -> str:
    try:
        return str(parse_endpoint(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _admin_endpoint(text: str) -> str:
    return OFF if text == OFF else _endpoint(text)


def _worker_count(text: str) -> int:
    if not text.isdigit() or int(text) > 256:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of workers from 0 to 256")
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
    except (ConfigError, CannotListen, FolderTaken) as error:
        print(error, file=sys.stderr)
        return 1


def _serve(wishes: Wishes) -> int:
    wishes = wishes.settled()
    settings = wishes.settings()
    if not settings.zones:
        print("no zones: name zone files or a folder, or set `zones` in geodns.yaml", file=sys.stderr)
        return 2
    begin_logging(settings.log_level)
    folder = wishes.folder(settings)
    folder.lock()
    limits = Limits(tcp_idle=settings.tcp_idle, tcp_connections=settings.tcp_clients, log_level=settings.log_level)
    with Premises(settings.listen, max(1, settings.workers), limits) as premises:
        for endpoint in premises.endpoints():
            log.info("listening on %s, UDP and TCP", endpoint)
        if settings.workers == 0:
            from geodns.cli.control_process import run_alone

            return run_alone(wishes, premises, folder)
        children = [_control_child(wishes, premises, folder), *premises.workers(folder.path)]
        return asyncio.run(keep(children))


def _control_child(wishes: Wishes, premises: Premises, folder: StateFolder) -> Child:
    files = premises.control_files()
    argv: Sequence[str] = (
        *(sys.executable, "-P", "-m", "geodns.cli.control_process"),
        *(wishes.encode(), files.encode(), str(folder.path)),
    )
    return Child(name="control", argv=tuple(argv), fds=files.fds(), takes_hangup=True)
