"""geodns.yaml, the server's own file → Settings. All have defaults; relative paths are relative to the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from pathlib import Path

from geodns.config.keys import Keys, read_keys
from geodns.config.marked import parse
from geodns.config.network_files import read_networks
from geodns.config.networks import parse_endpoint, parse_network, parse_server
from geodns.config.problem import ConfigError, Problem, unreadable
from geodns.config.reading import Reading
from geodns.config.secondaries import read_secondaries
from geodns.config.secrets import read_secrets
from geodns.config.settings_form import (
    OFF,
    CookiesForm,
    GeoForm,
    LogLevel,
    NetworkFileForm,
    RateLimitForm,
    SettingsForm,
    TlsForm,
)
from geodns.config.transfers import Acquaintances, read_transfer
from geodns.config.tree import Document, Table, value_of
from geodns.model.endpoint import Endpoint
from geodns.model.place import Network
from geodns.model.rate_limit import RateLimit
from geodns.model.secondary import Secondary
from geodns.model.source import Source
from geodns.model.transfer import Transfer

DNS = Endpoint(IPv4Address("127.0.0.1"), 5300)
ADMIN = Endpoint(IPv4Address("127.0.0.1"), 8053)
TOTAL = 5  # kinds of response of which a prefix may have all that there are, if not told otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoPaths:
    """The operator's own databases; at most one of city, country and enterprise. None at all: the embedded one."""

    city: Path | None = None
    country: Path | None = None
    enterprise: Path | None = None
    asn: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSettings:
    """The admin endpoint. `listen` None: there is none. `hosts` are further names that the Host header may have."""

    listen: Endpoint | None = ADMIN
    tokens: Path | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CookieSettings:
    """`mode`: on, off or required. `file` of secrets that servers share; `secrets` are read from it where they matter:
    who asks for the status of a server need not be able to read them."""

    mode: str = "on"
    file: Path | None = None
    secrets: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSettings:
    """Files, and where geodns.yaml names them."""

    certificate: Path
    key: Path
    certificate_at: Source
    key_at: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that the server is told beside its zones. `state` None: a folder in the user's state directory."""

    listen: tuple[Endpoint, ...] = (DNS,)
    listen_tls: tuple[Endpoint, ...] = ()
    listen_https: tuple[Endpoint, ...] = ()
    https_path: str = "/dns-query"
    tls: TlsSettings | None = None  # there is one where something is encrypted
    fronts: int = 1
    workers: int = 2  # 0: one process does all
    zones: tuple[Path, ...] = ()
    state: Path | None = None
    geo: GeoPaths = GeoPaths()
    resolvers: tuple[Endpoint, ...] = ()  # none: those of /etc/resolv.conf
    serve_stale: float = 259200.0  # seconds
    networks: Mapping[str, tuple[Network, ...]] = field(default_factory=dict)
    network_files: tuple[Path, ...] = ()  # that some of them come from
    keys: Keys = field(default_factory=dict)
    key_files: tuple[Path, ...] = ()  # likewise
    transfer: Transfer | None = None  # of zones that say nothing of it
    secondaries: tuple[Secondary, ...] = ()
    admin: AdminSettings = AdminSettings()
    watch: bool = True
    tcp_idle: float = 10.0  # seconds
    tcp_clients: int = 1000
    tcp_clients_each: int = 100
    udp_segmentation: bool = True
    spin: float = 0.0  # seconds
    udp_payload: int = 1232  # octets
    cookies: CookieSettings = CookieSettings()
    identity: str | None = None  # None: none is told
    version: str | None = None
    extended_errors: bool = True
    rate_limit: RateLimit | None = None  # of replies by UDP
    proxies: tuple[Network, ...] = ()
    isolation: bool = True
    log_level: LogLevel = "info"
    warnings: tuple[Problem, ...] = ()

    def acquaintances(self) -> Acquaintances:
        """What zones may speak of."""
        return Acquaintances(self.networks, self.keys, self.transfer)


def with_secrets(settings: Settings) -> Settings:
    """The same, with the cookies' secrets read. Raises ConfigError."""
    if settings.cookies.file is None:
        return settings
    secrets, warnings = read_secrets(settings.cookies.file)
    return replace(settings, cookies=replace(settings.cookies, secrets=secrets), warnings=warnings)


def load_settings(path: Path | None) -> Settings:
    """The settings of this file, or the defaults. Raises ConfigError with all problems."""
    if path is None:
        return Settings()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError([unreadable(path, error)]) from None
    reading = Reading(parse(content, str(path)))
    settings = _read(reading, path.parent)
    if settings is None or reading.failed:
        raise ConfigError(reading.problems)
    return settings


def _read(reading: Reading, folder: Path) -> Settings | None:
    root = reading.document.root
    if root is None:
        return None
    if not isinstance(root, Table):
        message = "the server's file is a mapping, such as listen: 127.0.0.1:5300"
        reading.complain(reading.document.value(), message)
        return None
    form = reading.form(SettingsForm, value_of(root))
    if form is None:
        return None
    _check_geo(reading, form.geo)
    _check_rate_limit(reading, form.rate_limit)
    _check_listeners(reading, form)
    files = {
        name: _path(each.file, folder) for name, each in form.networks.items() if isinstance(each, NetworkFileForm)
    }
    networks = {name: tuple(map(parse_network, each)) for name, each in form.networks.items() if isinstance(each, list)}
    for name, file in files.items():
        networks[name] = _from_file(reading, file)
    keys, key_files = read_keys(reading, form.keys, folder)
    known = Acquaintances(networks, keys)
    transfer = None if form.transfer is None else read_transfer(reading, form.transfer, known)
    return replace(
        _settings(form, folder),
        networks=networks,
        network_files=tuple(files.values()),
        keys=keys,
        key_files=key_files,
        tls=_tls(reading.document, form.tls, folder),
        transfer=transfer,
        secondaries=read_secondaries(reading, form.secondaries, replace(known, transfer=transfer)),
    )


def _path(text: str, folder: Path) -> Path:
    return folder / Path(text).expanduser()


def _from_file(reading: Reading, file: Path) -> tuple[Network, ...]:
    try:
        return read_networks(file)
    except ConfigError as error:
        reading.problems += error.problems
        return ()


def _check_geo(reading: Reading, geo: GeoForm) -> None:
    named = [key for key in ("city", "country", "enterprise") if getattr(geo, key) is not None]
    for key in named[1:]:
        message = f"'{named[0]}' is named already; give one of city, country and enterprise"
        reading.complain(reading.document.key("geo", key), message)


def _check_rate_limit(reading: Reading, limit: RateLimitForm | None) -> None:
    if limit is None or limit.total is None or limit.total >= limit.responses:
        return
    message = f"a total of {limit.total} is less than the {limit.responses} responses of one kind; make it more"
    reading.complain(reading.document.key("rate_limit", "total"), message)


def _rate_limit(form: RateLimitForm | None) -> RateLimit | None:
    if form is None:
        return None
    total = TOTAL * form.responses if form.total is None else form.total
    numbers = form.model_dump(exclude={"exempt", "total"})
    return RateLimit(**numbers, total=total, exempt=tuple(map(parse_network, form.exempt)))


def _check_listeners(reading: Reading, form: SettingsForm) -> None:
    taken: dict[Endpoint, str] = {}
    for key in ("listen", "listen_tls", "listen_https"):
        for endpoint in map(parse_endpoint, getattr(form, key)):
            if endpoint.port and taken.setdefault(endpoint, key) != key:
                message = f"{endpoint} stands under {taken[endpoint]} too; what is encrypted needs a port of its own"
                reading.complain(reading.document.value(key), message)
    for key in ("listen_tls", "listen_https"):
        if getattr(form, key) and form.tls is None:
            message = f"{key} needs a certificate: tls: {{certificate: FILE, key: FILE}}"
            reading.complain(reading.document.key(key), message)


def _tls(document: Document, form: TlsForm | None, folder: Path) -> TlsSettings | None:
    if form is None:
        return None
    return TlsSettings(
        certificate=_path(form.certificate, folder),
        key=_path(form.key, folder),
        certificate_at=document.value("tls", "certificate"),
        key_at=document.value("tls", "key"),
    )


def _settings(form: SettingsForm, folder: Path) -> Settings:
    def maybe(text: str | None) -> Path | None:
        return None if text is None else _path(text, folder)

    admin = form.admin
    return Settings(
        listen=tuple(map(parse_endpoint, form.listen)),
        listen_tls=tuple(map(parse_endpoint, form.listen_tls)),
        listen_https=tuple(map(parse_endpoint, form.listen_https)),
        https_path=form.https_path,
        fronts=form.fronts,
        workers=form.workers,
        zones=tuple(_path(text, folder) for text in form.zones),
        state=maybe(form.state),
        resolvers=tuple(map(parse_server, form.resolvers)),
        serve_stale=form.serve_stale,
        geo=GeoPaths(**{key: maybe(getattr(form.geo, key)) for key in GeoForm.model_fields}),
        admin=AdminSettings(
            listen=None if admin.listen == OFF else parse_endpoint(admin.listen),
            tokens=maybe(admin.tokens),
            hosts=tuple(admin.hosts),
        ),
        watch=form.watch,
        tcp_idle=form.tcp_idle,
        tcp_clients=form.tcp_clients,
        tcp_clients_each=form.tcp_clients_each,
        udp_segmentation=form.udp_segmentation,
        spin=form.spin,
        udp_payload=form.udp_payload,
        cookies=_cookies(form.cookies, folder),
        identity=form.identity,
        version=None if form.version == OFF else form.version,
        extended_errors=form.extended_errors,
        rate_limit=_rate_limit(form.rate_limit),
        proxies=tuple(map(parse_network, form.proxies)),
        isolation=form.isolation,
        log_level=form.log_level,
    )


def _cookies(form: str | CookiesForm, folder: Path) -> CookieSettings:
    if isinstance(form, str):
        return CookieSettings(mode=form)
    file = None if form.secrets is None else _path(form.secrets, folder)
    return CookieSettings(mode="required" if form.required else "on", file=file)
