"""What an operator may write in a zone file, key by key; the descriptions are the JSON Schema's text.

A form checks one thing by itself. Whether the names in it lead anywhere is for the modules that make model values.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from geodns.config.durations import MAX_TTL
from geodns.config.fields import (
    Answers,
    AskedType,
    Asns,
    Bias,
    Cities,
    Continents,
    Count,
    Countries,
    Cron,
    Duration,
    Identifier,
    IPv4s,
    IPv6s,
    Locates,
    Moment,
    Networks,
    Percent,
    Rdatas,
    Regions,
    Share,
    ShareRange,
    Subdivisions,
    Texts,
    TimeZone,
    Ttl,
    Weight,
    listed,
)
from geodns.model.place import Location
from geodns.model.pool import Quorum


class Form(BaseModel):
    """Strict: a text is no number, and a key that is not listed is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class SoaForm(Form):
    """The zone's start of authority."""

    primary: str | None = Field(None, description="The primary name server; by default the first NS of the zone.")
    contact: str | None = Field(None, description="The mail address for the zone; by default hostmaster@zone.")
    serial: int | None = Field(None, ge=0, le=2**32 - 1, description="By default geodns counts it up by itself.")
    refresh: Ttl = Field(3600, description="How often secondaries ask for changes.")
    retry: Ttl = Field(900, description="How soon secondaries ask again after a failure.")
    expire: Ttl = Field(1209600, description="When secondaries stop serving a zone that they cannot refresh.")
    negative_ttl: Ttl = Field(60, description="How long resolvers may remember that a name or type does not exist.")


class CheckForm(Form):
    """What a member has to pass to be up; the keys of the check's type stand beside these."""

    type: str = Field(description="The kind of check, such as tcp, http or https.")
    interval: Duration = Field(10.0, ge=0.1, le=86400, description="Time between the starts of two probes.")
    timeout: Duration = Field(3.0, gt=0, description="How long a probe may take; at most the interval.")
    rise: int = Field(2, ge=1, le=100, description="Passes in a row that take an address up.")
    fall: int = Field(3, ge=1, le=100, description="Failures in a row that take an address down.")


class LocationForm(Form):
    """A point on the globe, in degrees."""

    lat: float = Field(ge=-90, le=90, description="Latitude, north positive.")
    lon: float = Field(ge=-180, le=180, description="Longitude, east positive.")

    def as_location(self) -> Location:
        return Location(lat=self.lat, lon=self.lon)


class MemberLoadForm(Form):
    """How much load a member is to have, in whatever is reported for it."""

    target: float = Field(gt=0, lt=1e15, description="The load to aim at.")
    max: float | None = Field(None, gt=0, description="More than this is urgent; by default a quarter above target.")
    slew: Percent | None = Field(None, description="How far its share moves at most in one step; by default 2%.")


class LoadForm(Form):
    """How much load a pool is to have, in whatever is reported for it."""

    target: float | None = Field(
        None, gt=0, lt=1e15, description="The load to aim at; by default what its members' targets come to."
    )
    max: float | None = Field(None, gt=0, description="More than this is urgent; by default a quarter above target.")
    slew: Percent | None = Field(None, description="How far its share moves at most in one step; by default 2%.")
    every: Duration | None = Field(None, ge=1, le=3600, description="Time between two steps; by default 10s.")


class MemberForm(Form):
    """One backend."""

    A: IPv4s = Field([], description="IPv4 address or addresses; several share the member's weight.")
    AAAA: IPv6s = Field([], description="IPv6 address or addresses; several share the member's weight.")
    CNAME: str | None = Field(None, description="Instead of addresses: a name that has them, in another zone mostly.")
    ALIAS: str | None = Field(None, description="Instead of addresses: a name elsewhere; it has those of that name.")
    weight: Weight = Field(1, description="Its share within the pool. 0: last resort.")
    state: Literal["up", "down", "drain"] | None = Field(None, description="The operator's word, above health.")
    ttl: Ttl | None = Field(None, description="The most that the TTL of answers that name it may be.")
    maintenance: Texts = Field([], description="Schedules; while one of them runs, the member is drained.")
    group: Identifier | None = Field(
        None, description="What it shares its fate with, such as a rack: an answer names one member of each group."
    )
    load: MemberLoadForm | None = Field(None, description="How much load it is to have; what is more goes to others.")


class WindowForm(Form):
    """A time that comes again (`cron` and `for`), or comes once (`from` and `until`)."""

    cron: Cron | None = Field(None, description="When it begins: minute, hour, day, month and weekday.")
    for_: Duration | None = Field(None, alias="for", gt=0, le=366 * 86400, description="How long it lasts.")
    from_: Moment | None = Field(None, alias="from", description="When it begins, once: 2026-12-24T18:00.")
    until: Moment | None = Field(None, description="When it ends.")
    timezone: TimeZone = Field("UTC", description="By whose clocks; a name such as Europe/Berlin.")


def _schedule_tag(value: object) -> str:
    return "several windows" if isinstance(value, list) else "one window"


ScheduleForm = Annotated[
    Annotated[WindowForm, Tag("one window")] | Annotated[list[WindowForm], Field(min_length=1), Tag("several windows")],
    Discriminator(_schedule_tag),
]


class RampForm(Form):
    """A share that grows or shrinks evenly, and stands still while its pool fails."""

    from_: Share = Field(0.0, alias="from", description="The share of the whole at its start.")
    to: Share = Field(100.0, description="The share of the whole at its end.")
    start: Moment = Field(description="When it begins: 2026-12-24T18:00.")
    over: Duration = Field(ge=1, le=366 * 86400, description="How long it takes.")
    timezone: TimeZone = Field("UTC", description="By whose clocks `start` is.")


class PartForm(Form):
    """A policy's pools, whichever it has for the client, with the weight of a pool."""

    policy: str = Field(description="The policy that says which pools.")
    weight: Weight = Field(1, description="Its share.")


def _weight_tag(value: object) -> str:
    if isinstance(value, PartForm) or (isinstance(value, dict) and "policy" in value):
        return "by policy"
    return "by ramp" if isinstance(value, dict | RampForm) else "by number"


WeightForm = Annotated[
    Annotated[Weight, Tag("by number")] | Annotated[RampForm, Tag("by ramp")] | Annotated[PartForm, Tag("by policy")],
    Discriminator(_weight_tag),
]


class PoolForm(Form):
    """Members that can stand in for each other."""

    check: str | None = Field(None, description="The check that members have to pass. None: they are always up.")
    location: LocationForm | None = Field(None, description="Where the pool is, for rules with `nearest`.")
    min_healthy: Count = Field(Quorum(1), description="A count or share of members; with fewer up the pool fails.")
    select: str | None = Field(None, description="How members are chosen; by default as the policy says.")
    load: LoadForm | None = Field(
        None, description="How much load it is to have; what is too much goes to later pools."
    )
    members: dict[Identifier, MemberForm] = Field({}, description="The members by name.")
    pools: dict[Identifier, WeightForm] = Field({}, description="Instead of members: pools, each with its weight.")
    when: Texts = Field([], description="Schedules; the pool answers only while one of them runs.")
    maintenance: Texts = Field([], description="Schedules; while one of them runs, all of the pool is drained.")
    slow_start: Duration = Field(0.0, le=86400, description="The time in which a member that came up gains its weight.")
    hold_down: Duration = Field(
        0.0, le=86400, description="How long the pool has to hold again before clients go back."
    )


class NearestForm(Form):
    """Pools in the order of their distance from the client."""

    nearest: list[str] = Field(min_length=1, description="Pools, each with a location.")
    bias: dict[str, Bias] = Field(
        {}, description="Per cent by which a pool seems nearer (1 to 99) or farther (-99 to -1)."
    )
    ties: Percent = Field(
        0.0, description="Pools so much farther than the nearest count as near; written order decides."
    )
    limit: int | None = Field(None, ge=1, description="Only so many of the nearest are used.")


class WeightedForm(Form):
    """Pools that share the answers by weight; one that fails leaves its share to the others."""

    weighted: dict[Identifier, WeightForm] = Field(
        min_length=1, description="Pools with their weights or ramps; {policy: ..., weight: ...} by any name."
    )


class DelegatedForm(Form):
    """Wherever another policy sends the client."""

    policy: str = Field(description="The policy that says which pools, and in which order.")


# Tags stand in the path of a problem among the keys: a space in each tells them apart (see complaints).


def _step_tag(value: object) -> str:
    if isinstance(value, DelegatedForm) or (isinstance(value, dict) and "policy" in value):
        return "by policy"
    return "by weight" if isinstance(value, dict | WeightedForm) else "by name"


StepForm = Annotated[
    Annotated[str, Tag("by name")]
    | Annotated[WeightedForm, Tag("by weight")]
    | Annotated[DelegatedForm, Tag("by policy")],
    Discriminator(_step_tag),
]


def _pools_tag(value: object) -> str:
    if isinstance(value, WeightedForm) or (isinstance(value, dict) and "weighted" in value):
        return "by weight"
    if isinstance(value, DelegatedForm) or (isinstance(value, dict) and "policy" in value):
        return "by policy"
    return "by distance" if isinstance(value, dict | NearestForm) else "in order"


PoolsForm = Annotated[
    Annotated[list[StepForm], BeforeValidator(listed), Tag("in order")]
    | Annotated[WeightedForm, Tag("by weight")]
    | Annotated[DelegatedForm, Tag("by policy")]
    | Annotated[NearestForm, Tag("by distance")],
    Discriminator(_pools_tag),
]


class ConditionsForm(Form):
    """What is asked of a client's place; of the values of one key, one has to fit."""

    network: Networks | None = Field(None, description="Prefixes, addresses, or names of own networks.")
    continent: Continents | None = Field(None, description="Continent codes.")
    country: Countries | None = Field(None, description="ISO 3166-1 codes of countries.")
    subdivision: Subdivisions | None = Field(None, description="ISO 3166-2 codes, with the country: US-CA.")
    city: Cities | None = Field(None, description="Names in English, with the country or subdivision: DE/Berlin.")
    asn: Asns | None = Field(None, description="Numbers of autonomous systems: 3320 or AS3320.")
    region: Regions | None = Field(None, description="Names of regions.")


def _region_tag(value: object) -> str:
    return "by key" if isinstance(value, dict | ConditionsForm) else "by code"


RegionForm = Annotated[
    Annotated[Regions, Tag("by code")] | Annotated[ConditionsForm, Tag("by key")], Discriminator(_region_tag)
]


class RuleForm(ConditionsForm):
    """Who is sent where. All conditions must hold; a rule without any fits everybody."""

    not_: ConditionsForm | None = Field(None, alias="not", description="None of these may hold.")
    pools: PoolsForm = Field(
        description="Pools in failover order, {weighted: {...}} and {policy: ...} among them; or {nearest: [...]}."
        " []: no address."
    )
    fence: bool = Field(False, description="Never leave these pools: if all fail, serve them in full.")


class StickyForm(Form):
    """How much of its address tells a client from others, where members are chosen by `sticky`."""

    ipv4: int = Field(24, ge=1, le=32, description="Leading bits of an IPv4 address.")
    ipv6: int = Field(56, ge=1, le=128, description="Leading bits of an IPv6 address.")


class PolicyForm(Form):
    """Which pools clients are sent to, and how members share the answers."""

    rules: list[RuleForm] | None = Field(None, description="The first that fits wins; the last has to fit everybody.")
    pools: PoolsForm | None = Field(None, description="Instead of rules: the same pools for everybody.")
    select: str = Field("round_robin", description="How members of a pool are chosen.")
    answers: Answers = Field(1, description="How many addresses an answer holds.")
    sticky: StickyForm | None = Field(None, description="With select sticky: the prefixes that tell clients apart.")
    ttl: Ttl | None = Field(None, description="By default the zone's.")
    fallback: str | None = Field(None, description="The pool that answers when all pools of a rule have failed.")
    locate: Locates = Field(
        ["ecs", "resolver"], description="Whose address says where a client is: the client subnet, the resolver's."
    )


class SteeringForm(Form):
    """What sends a name's clients to pools: a policy, or one pool; or to what another name has."""

    policy: str | None = Field(None, description="The policy that answers for the name's addresses.")
    pool: str | None = Field(None, description="Instead of a policy: one pool, the same for everybody.")
    select: str | None = Field(None, description="With pool: how its members are chosen; goes before the pool's own.")
    answers: Answers | None = Field(None, description="With pool: how many addresses an answer holds.")
    ALIAS: str | None = Field(
        None, description="Another name, whose addresses this one has as well; here or elsewhere, for '@' too."
    )
    ttl: Ttl | None = Field(
        None, description="The TTL of the name's records; by default the zone's. With policy: of all but the addresses."
    )


def _expect_tag(value: object) -> str:
    return "with shares" if isinstance(value, dict) else "any of"


ExpectForm = Annotated[
    Annotated[Texts, Field(min_length=1), Tag("any of")]
    | Annotated[dict[str, ShareRange], Field(min_length=1), Tag("with shares")],
    Discriminator(_expect_tag),
]


class ExpectationForm(Form):
    """One row of a zone's own tests."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["expect"]}, {"required": ["records"]}]})

    name: str = Field(description="A name that a policy answers for; where a code or records are expected, any name.")
    type: AskedType = Field("A", description="The record type that is asked for: A, MX, HTTPS, TYPE65280.")
    from_: str | None = Field(None, alias="from", description="The client's address; or say `place`.")
    place: str | None = Field(None, description="Continent/country/subdivision, such as EU/FR or NA/US/US-CA.")
    down: Texts = Field([], description="What is down meanwhile: pools, or pool/member.")
    at: Moment | None = Field(None, description="At this time; by default outside of time: no schedule runs.")
    expect: ExpectForm | None = Field(
        None,
        description="What may come: pool, pool/member, NODATA, NOERROR, NXDOMAIN, REFUSED or YXDOMAIN; "
        "or pools with their shares, {us: 95%, new: 0-10%}.",
    )
    records: Annotated[Rdatas, Field(min_length=1)] | None = Field(
        None, description="What the records say, as under `records` of the zone: these and no others, in any order."
    )


class ViewForm(Form):
    """A client, whose answers stand for policies."""

    place: str | None = Field(None, description="Continent/country/subdivision, such as EU/FR or NA/US/US-CA.")
    from_: str | None = Field(None, alias="from", description="Instead of a place: the client's address.")


def _view_tag(value: object) -> str:
    return "as a client" if isinstance(value, dict | ViewForm) else "in a word"


class TransferForm(Form):
    """Who may copy a zone, and who is told when it has changed."""

    allow: Texts = Field([], description="Addresses, networks, `key NAME`, or both in one: 192.0.2.0/24 key NAME.")
    notify: Texts = Field([], description="Secondaries that are told of changes: 192.0.2.53, 192.0.2.53:5300 key NAME.")
    policies: (
        Annotated[
            Annotated[Literal["omit"], Tag("in a word")] | Annotated[ViewForm, Tag("as a client")],
            Discriminator(_view_tag),
        ]
        | None
    ) = Field(
        None,
        description="What copies have in place of policies: the answers of a client, {place: EU/DE} or "
        "{from: 192.0.2.1}; omit: nothing. Needed where the zone has any.",
    )


class ZoneForm(Form):
    """A zone of geodns."""

    zone: str = Field(description="The zone's name, such as example.com.")
    ttl: Ttl = Field(300, le=MAX_TTL, description="The TTL of all that sets none of its own.")
    soa: SoaForm | None = Field(None, description="The zone's start of authority.")
    checks: dict[Identifier, CheckForm] = Field({}, description="What members have to pass, by name.")
    pools: dict[Identifier, PoolForm] = Field({}, description="Groups of members, by name.")
    schedules: dict[Identifier, ScheduleForm] = Field({}, description="Times by name, for pools and members.")
    regions: dict[Identifier, RegionForm] = Field(
        {},
        description="Places by a common name, for `region` in rules: a list of codes, or keys of which one has to fit.",
    )
    policies: dict[Identifier, PolicyForm] = Field({}, description="Who is sent to which pools, by name.")
    records: dict[str, object] = Field(description="What the zone's names hold, by name; '@' is the zone itself.")
    transfer: TransferForm | None = Field(
        None, description="Who may copy the zone; by default as geodns.yaml says, and there by default nobody."
    )
    tests: list[ExpectationForm] = Field([], description="What has to come out; run before every publish.")
