"""What the command line of `serve` asks for, laid over geodns.yaml at the start and again at each reload.

What cannot change while geodns runs (where it listens, how many workers, the admin endpoint) is settled at the start,
so that a child that comes back later, with another geodns.yaml or a broken one, finds it as it was.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from geodns.cli.settings import settings_for
from geodns.config.networks import parse_endpoint
from geodns.config.problem import ConfigError
from geodns.config.server import Settings, TlsSettings
from geodns.control.folder import StateFolder, default_folder

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
        return self._over(self._file())

    def settings_for_reload(self) -> Settings:
        """The same, and a warning of what a reload cannot change. Raises ConfigError."""
        said = self._file()
        if self.at_start and self.at_start != _needs_restart(said):
            log.warning(
                "%s: listen, workers, tls or admin have changed; that takes hold at the next start", self.config
            )
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
    encrypted = (said.listen_tls, said.listen_https, said.https_path, said.fronts, _files(said.tls))
    return repr((said.listen, said.workers, said.admin, encrypted))


def _files(tls: TlsSettings | None) -> tuple[Path, Path] | None:
    """Their contents may change while geodns runs, and where geodns.yaml names them."""
    return None if tls is None else (tls.certificate, tls.key)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
