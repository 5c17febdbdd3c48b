"""What an operator may write in geodns.yaml, key by key; the descriptions are the JSON Schema's text."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from geodns.config.fields import Duration, Identifier, Texts, listed
from geodns.config.forms import Form, TransferForm
from geodns.config.keys import KeyForm
from geodns.config.networks import parse_endpoint, parse_network, parse_server

LogLevel = Literal["debug", "info", "warning", "error"]
OFF = "off"
_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@-]*)+")
MOST_WORKERS = 256
MOST_TOLD = 128  # octets: see answer.terms


def _endpoint(text: str) -> str:
    parse_endpoint(text)
    return text


def _admin_endpoint(text: str) -> str:
    return text if text == OFF else _endpoint(text)


def _resolver(text: str) -> str:
    parse_server(text)
    return text


def _network(text: str) -> str:
    parse_network(text)
    return text


Endpoints = Annotated[list[Annotated[str, AfterValidator(_endpoint)]], BeforeValidator(listed)]
Resolvers = Annotated[list[Annotated[str, AfterValidator(_resolver)]], BeforeValidator(listed)]
NetworkList = Annotated[list[Annotated[str, AfterValidator(_network)]], BeforeValidator(listed)]


class NetworkFileForm(Form):
    """Networks that stand in a file of their own, one a line."""

    file: str = Field(description="Its path.")


def _networks_tag(value: object) -> str:
    return "in a file" if isinstance(value, dict | NetworkFileForm) else "in a list"


Networks = Annotated[
    Annotated[NetworkList, Tag("in a list")] | Annotated[NetworkFileForm, Tag("in a file")],
    Discriminator(_networks_tag),
]


class GeoForm(Form):
    """Paths of MaxMind databases; none: the embedded country database."""

    city: str | None = Field(None, description="A GeoLite2 or GeoIP2 City database.")
    country: str | None = Field(None, description="A Country database, instead of city.")
    enterprise: str | None = Field(None, description="An Enterprise database, instead of city.")
    asn: str | None = Field(None, description="An ASN database, beside one of the others.")


class AdminForm(Form):
    """The admin endpoint."""

    listen: Annotated[str, AfterValidator(_admin_endpoint)] = Field(
        "127.0.0.1:8053", description="Address and port of the HTTP API and metrics, or off."
    )
    tokens: str | None = Field(None, description="The file of API tokens; needed on any address but loopback.")
    hosts: Texts = Field([], description="Further names by which the endpoint may be called.")


class SecondaryForm(Form):
    """A zone that is copied from another server."""

    primaries: Annotated[Resolvers, Field(min_length=1)] = Field(
        description="Whom to copy it from, by address and port 53 or another; the first that answers."
    )
    key: str | None = Field(None, description="The name of a key in `keys`, by which both sides sign.")
    transfer: TransferForm | None = Field(
        None, description="Who may copy it further, and who is told of changes; else as `transfer` says for all zones."
    )


class CookiesForm(Form):
    """How cookies (RFC 7873) are made and asked for."""

    secrets: str | None = Field(None, description="The path of a file of secrets that servers share, one a line.")
    required: bool = Field(False, description="By UDP, clients that know of cookies get answers with a valid one only.")


def _cookies_tag(value: object) -> str:
    return "a form" if isinstance(value, dict | CookiesForm) else "a word"


Cookies = Annotated[
    Annotated[Literal["on", "off", "required"], Tag("a word")] | Annotated[CookiesForm, Tag("a form")],
    Discriminator(_cookies_tag),
]


def _told(text: str) -> str:
    """What goes into one TXT record and one option."""
    if not 0 < len(text) <= MOST_TOLD or not text.isascii() or not text.isprintable():
        raise ValueError(f"this cannot be told; write 1 to {MOST_TOLD} printable ASCII characters")
    return text


Told = Annotated[str, AfterValidator(_told), WithJsonSchema({"type": "string", "pattern": f"^[ -~]{{1,{MOST_TOLD}}}$"})]


class RateLimitForm(Form):
    """How many replies by UDP a network of clients gets; without this key as many as it asks for."""

    responses: int = Field(200, ge=1, le=100_000, description="A second, of one kind to one prefix.")
    total: int | None = Field(
        None, ge=1, le=1_000_000, description="A second, of all kinds to one prefix; else five times that."
    )
    slip: int = Field(2, ge=0, le=10, description="Of replies beyond that each so manieth is sent truncated; 0: none.")
    ipv4_prefix: int = Field(24, ge=1, le=32, description="Bits of an IPv4 address by which clients are told apart.")
    ipv6_prefix: int = Field(56, ge=1, le=128, description="The same of IPv6.")
    size: int = Field(65_536, ge=1024, le=16_777_216, description="Accounts that are kept, of eight octets each.")
    dry_run: bool = Field(False, description="Count what would be limited, and limit nothing.")
    exempt: NetworkList = Field([], description="Networks and addresses that are not limited.")


class TlsForm(Form):
    """The certificate for what is encrypted: two files in PEM form."""

    certificate: str = Field(description="The file of the certificate and its chain.")
    key: str = Field(description="The file of its private key, without a passphrase.")


def _http_path(text: str) -> str:
    if (
        not text.startswith("/")
        or not text.isascii()
        or any(each in " ?#{}" or not each.isprintable() for each in text)
    ):
        raise ValueError(f"'{text}' is no path of a URL; write one such as /dns-query")
    return text


class SettingsForm(Form):
    """The server's own file."""

    listen: Endpoints = Field(["127.0.0.1:5300"], min_length=1, description="Addresses and ports for UDP and TCP.")
    listen_tls: Endpoints = Field([], description="Addresses and ports for DNS over TLS.")
    listen_https: Endpoints = Field([], description="Addresses and ports for DNS over HTTPS.")
    https_path: Annotated[str, AfterValidator(_http_path)] = Field(
        "/dns-query", description="The path at which DNS over HTTPS is asked."
    )
    tls: TlsForm | None = Field(None, description="The certificate for DNS over TLS and HTTPS.")
    fronts: int = Field(1, ge=1, le=MOST_WORKERS, description="Processes for what is encrypted.")
    workers: int = Field(2, ge=0, le=MOST_WORKERS, description="Processes that answer. 0: one process does all.")
    zones: Texts = Field([], description="Zone files, and folders of them.")
    state: str | None = Field(None, description="The folder for generations, health and overrides.")
    geo: GeoForm = Field(GeoForm.model_validate({}), description="The operator's own databases.")
    resolvers: Resolvers = Field(
        [], description="Whom to ask for names outside, by address and port 53 or another; none: /etc/resolv.conf."
    )
    serve_stale: Duration = Field(
        259200.0, ge=0, le=30 * 86400, description="How long a name outside that nobody resolves keeps its addresses."
    )
    networks: dict[Identifier, Networks] = Field({}, description="Own networks by name, for rules of zones.")
    keys: dict[str, KeyForm] = Field({}, description="Keys by name, by which servers sign what they say (TSIG).")
    transfer: TransferForm | None = Field(
        None, description="Who may copy those zones that have no `transfer` of their own; by default nobody."
    )
    secondaries: dict[str, SecondaryForm] = Field({}, description="Zones that are copied from other servers, by name.")
    admin: AdminForm = Field(AdminForm.model_validate({}), description="The admin endpoint.")
    watch: bool = Field(True, description="Reload when a zone file, a database or this file changes.")
    tcp_idle: Duration = Field(10.0, gt=0, le=3600, description="How long a TCP connection may be idle.")
    tcp_clients: int = Field(1000, ge=1, le=1_000_000, description="TCP connections of a worker at a time.")
    tcp_clients_each: int = Field(
        100, ge=1, le=1_000_000, description="TCP connections of a worker that one client may have at a time."
    )
    udp_segmentation: bool = Field(True, description="Let replies to one client leave as one buffer, where Linux can.")
    spin: Duration = Field(0.0, ge=0, le=0.01, description="How long to poll a UDP socket before going to sleep.")
    udp_payload: int = Field(1232, ge=512, le=4096, description="Octets of a UDP reply, at most.")
    cookies: Cookies = Field("on", description="Cookies: on, off, required, or how they are made.")
    identity: Told | None = Field(None, description="What id.server and NSID tell; hostname: the machine's name.")
    version: Told = Field(OFF, description="What version.server tells, or off.")
    extended_errors: bool = Field(True, description="Say in replies why they are what they are.")
    rate_limit: RateLimitForm | None = Field(None, description="Limits on replies by UDP.")
    proxies: NetworkList = Field([], description="Whom to believe for whom they ask, by the PROXY protocol, version 2.")
    isolation: bool = Field(True, description="Freeze health where most targets fail at once.")
    log_level: LogLevel = Field("info", description="The least that is worth a line in the log.")
