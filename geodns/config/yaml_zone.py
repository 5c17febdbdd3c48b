"""One YAML file → one Zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from geodns.config.checks import read_checks
from geodns.config.conditions import Gazetteer
from geodns.config.durations import parse_ttl
from geodns.config.expectations import read_expectations
from geodns.config.forms import SoaForm, ZoneForm
from geodns.config.lint import lint
from geodns.config.policies import Terms, read_policies
from geodns.config.pools import read_pools
from geodns.config.rdata import NS
from geodns.config.reading import Reading
from geodns.config.records import Records, read_records
from geodns.config.regions import Regions
from geodns.config.scalars import Plain
from geodns.config.schedules import read_schedules
from geodns.config.steering import Steering
from geodns.config.transfers import Acquaintances, read_transfer
from geodns.config.tree import Rows, Table, Value, value_of
from geodns.model.name import ROOT, BadName, Name, is_wildcard, lower, parse_name, show
from geodns.model.place import Network
from geodns.model.zone import Soa, Zone

DEFAULT_TTL = 300
_SECTIONS = ("checks", "schedules", "pools", "regions", "policies", "records", "tests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The plug-ins there are. Given in, since this package imports neither probes nor selections."""

    probes: Mapping[str, type]  # type name → dataclass whose fields are the check's keys
    selections: Sequence[str]
    countries: Mapping[str, str] = field(default_factory=dict)  # ISO 3166-1 code → continent; empty: not checked


def read_zone(reading: Reading, vocabulary: Vocabulary, known: Acquaintances) -> Zone | None:
    """The zone; None where there are problems, all of which are then in `reading`."""
    if reading.document.root is None:
        return None
    form = _read_head(reading)
    origin = _read_origin(reading)
    ttl = form.ttl if form is not None else _ttl(reading)
    checks = read_checks(reading, show(origin) if origin else "", vocabulary.probes)
    schedules = read_schedules(reading)
    sharing = read_pools(reading, origin or ROOT, checks, vocabulary.selections, schedules)
    places = _gazetteer(reading, vocabulary, known.networks)
    terms = Terms(ttl=ttl, selections=tuple(vocabulary.selections), places=places, sharing=sharing)
    policies = read_policies(reading, terms)
    if origin is None:  # every name in the records would be wrong
        return None
    steering = Steering(reading, terms)
    records = read_records(reading, origin, ttl, steering)
    pools = {**sharing.all(), **steering.outside}
    tests = read_expectations(reading, origin, records.steered, pools)
    soa = _soa(reading, (form and form.soa) or SoaForm.model_validate({}), origin, ttl, records)
    transfer = None if form is None or form.transfer is None else read_transfer(reading, form.transfer, known)
    if reading.failed or soa is None:
        return None
    zone = Zone(
        name=origin,
        soa=soa,
        rrsets=tuple(records.rrsets),
        steered=records.steered,
        pools=pools,
        policies={**policies, **steering.shorthands},
        checks=checks,
        schedules=schedules,
        tests=tests,
        transfer=transfer,
        source=reading.document.value("zone"),
    )
    reading.problems += lint(zone, lambda owner: reading.document.at(records.marks[owner]), vocabulary.countries)
    return zone


def _gazetteer(reading: Reading, vocabulary: Vocabulary, networks: Mapping[str, tuple[Network, ...]]) -> Gazetteer:
    given = Gazetteer(networks=networks, countries=vocabulary.countries, regions={})
    return replace(given, regions=Regions(reading, given).read())


def _read_head(reading: Reading) -> ZoneForm | None:
    """The file's own keys; each section is left to the module that reads it."""
    root = reading.document.root
    if not isinstance(root, Table):
        message = "a zone file is a mapping; begin it with zone: example.com"
        reading.complain(reading.document.value(), message)
        return None
    head: dict[str, Value] = {}
    for key, node in root.items():
        if key in _SECTIONS and isinstance(node, Table | Rows):
            head[key] = {} if isinstance(node, Table) else []
        else:
            head[key] = value_of(node)
    return reading.form(ZoneForm, head)


def _read_origin(reading: Reading) -> Name | None:
    """The zone's name, as long as it is one, whatever else is wrong with the head."""
    text = reading.document.node("zone")
    if not isinstance(text, str) or isinstance(text, Plain):
        return None
    try:
        origin = parse_name(text) if text not in ("", "@") else None
    except BadName as error:
        reading.complain(reading.document.value("zone"), str(error))
        return None
    if origin is None or is_wildcard(origin):
        reading.complain(reading.document.value("zone"), f"'{text}' is no name of a zone, such as example.com")
        return None
    return origin


def _ttl(reading: Reading) -> int:
    """The zone's TTL where the head is broken; if it is itself what is wrong, that has been said."""
    text = reading.document.node("ttl")
    try:
        return parse_ttl(text) if text is not None else DEFAULT_TTL
    except ValueError:
        return DEFAULT_TTL


def _soa(reading: Reading, form: SoaForm, origin: Name, ttl: int, records: Records) -> Soa | None:
    try:
        primary = _first_server(origin, records) if form.primary is None else parse_name(form.primary, origin)
    except BadName as error:
        reading.complain(reading.document.value("soa", "primary"), str(error))
        return None
    try:
        contact = parse_contact(form.contact or "hostmaster", origin)
    except BadName as error:
        reading.complain(reading.document.value("soa", "contact"), str(error))
        return None
    return Soa(
        primary=primary,
        contact=contact,
        serial=form.serial,
        refresh=form.refresh,
        retry=form.retry,
        expire=form.expire,
        negative_ttl=form.negative_ttl,
        ttl=ttl,
    )


def _first_server(origin: Name, records: Records) -> Name:
    servers = (rrset.rdatas[0] for rrset in records.rrsets if rrset.owner == origin and rrset.rtype == NS)
    return Name(lower(next(servers, origin)))


def parse_contact(text: str, origin: Name) -> Name:
    """A mail address, or its form as a name (RFC 1035 §8: the part before the @ is one label). Raises BadName."""
    local, at, domain = text.rpartition("@")
    if not at:
        return parse_name(text, origin)
    if not local or not domain:
        raise BadName(f"{text!r} is no mail address, such as hostmaster@example.com")
    escaped = local.replace("\\", "\\\\").replace(".", "\\.")
    return parse_name(f"{escaped}.{domain.rstrip('.')}.")
