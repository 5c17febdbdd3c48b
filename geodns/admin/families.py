"""Control's state → metric families. Pure. docs/admin.md lists them; a test holds both together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from geodns import __version__
from geodns.admin.members import up_share
from geodns.admin.timings import Timings
from geodns.answer.speed import SPEED
from geodns.control.control import Control
from geodns.control.copies import CopyView
from geodns.control.edition import Edition
from geodns.control.outside import OutsideView
from geodns.control.reports import Key
from geodns.control.totals import OTHER, Totals
from geodns.load.seen import Seen
from geodns.model.name import show
from geodns.model.pool import Member, Pool
from geodns.model.verdict import MemberKey
from geodns.model.zone import Zone
from geodns.policy.availability import address_is_up

Labels = tuple[str, ...]

NONE = "none"  # for a zone: the question was in no zone of ours


def of_totals(totals: Totals) -> Iterator[Metric]:
    """What the workers counted since the keeper was started."""
    queries = CounterMetricFamily("geodns_queries", "Queries that were answered.", labels=("zone", "type", "rcode"))
    for (zone, rtype, outcome), count in sorted(totals.questions.items()):
        queries.add_metric((zone or NONE, rtype, outcome), count)
    yield queries
    answers = CounterMetricFamily("geodns_answers", "Answers that named a member.", labels=("zone", "pool", "member"))
    for label, count in totals.answers.items():
        answers.add_metric((OTHER, OTHER, OTHER) if label == OTHER else label.split(" "), count)
    yield answers
    limited = CounterMetricFamily("geodns_rate_limited", "Replies beyond the rate limit.", labels=("kind", "outcome"))
    for labels, count in totals.limited.items():
        limited.add_metric(labels, count)
    yield limited
    yield _counter("geodns_dropped", "Packets that got no reply: no header, or a response.", totals.dropped)
    yield _counter(
        "geodns_truncated", "Replies cut to the size that the client takes, or by the rate limit.", totals.truncated
    )
    yield _counter("geodns_faults", "Queries that met a fault in geodns.", totals.faults)
    cookies = CounterMetricFamily("geodns_cookies", "Queries with a cookie, by what it is.", labels=("cookie",))
    for found, count in totals.cookies.items():
        cookies.add_metric((found,), count)
    yield cookies
    events = CounterMetricFamily("geodns_events", "What happened at the sockets.", labels=("event",))
    for event, count in totals.events.items():
        events.add_metric((event,), count)
    yield events


def of_probes(timings: Timings) -> Iterator[Metric]:
    probes = CounterMetricFamily("geodns_probes", "Probes that ended.", labels=("zone", "check", "outcome"))
    for labels, count in timings.outcomes.items():
        probes.add_metric(labels, count)
    yield probes
    durations = HistogramMetricFamily(
        "geodns_probe_duration_seconds", "How long probes took.", labels=("zone", "check")
    )
    for check, histogram in timings.durations():
        durations.add_metric(check, histogram.buckets(), histogram.sum)
    yield durations


def of_process(control: Control, now: float) -> Iterator[Metric]:
    since = control.degraded_since
    stale = 0.0 if since is None else max(0.0, now - since)
    yield _gauge("geodns_generation", "The generation that was published last.", control.publisher.generation)
    yield _gauge("geodns_config_ok", "1 where the last reload was good.", not control.is_degraded)
    yield _gauge("geodns_stale_seconds", "Since when what is served is not what the files say; 0: it is.", stale)
    yield _gauge("geodns_monitor_isolated", "1 while the monitor suspects itself.", bool(control.monitor.isolated))
    words: dict[Labels, float] = {(str(number),): word.generation for number, word in enumerate(control.workers.words)}
    for number, word in enumerate(control.workers.front_words):
        words[(f"front {number}",)] = word.generation
    yield _gauges("geodns_worker_generation", "The generation that a worker serves.", ("worker",), words)
    told: dict[Labels, float] = {
        (show(zone), str(told)): word.acknowledged is True for (zone, told), word in control.notifier.words.items()
    }
    yield _gauges(
        "geodns_secondary_acknowledged",
        "1 where the secondary has acknowledged the zone's serial.",
        ("zone", "secondary"),
        told,
    )
    build: dict[Labels, float] = {(__version__, SPEED): 1}
    yield _gauges("geodns_build_info", "Always 1; the labels tell.", ("version", "speed"), build)


def of_edition(edition: Edition, now: float) -> Iterator[Metric]:
    """What the answers are made from: health and operators as the compiler saw them."""
    members: dict[Labels, float] = {}
    addresses: dict[Labels, float] = {}
    for zone, pool, member in _members(edition):
        labels = (str(zone), pool.name, member.name)
        members[labels] = up_share(edition.outlook, zone, pool, member)
        if pool.check is not None:
            for address in member.addresses:
                addresses[*labels, str(address)] = address_is_up(pool, address, edition.outlook)
    yield _gauges(
        "geodns_member_up",
        "The share of the member's addresses that may be answered, by health and operators.",
        ("zone", "pool", "member"),
        members,
    )
    yield _gauges(
        "geodns_address_up",
        "1 where health has not taken the address down. Only of pools with a check.",
        ("zone", "pool", "member", "address"),
        addresses,
    )
    yield _gauges(
        "geodns_override_active",
        "1 for every override in force.",
        ("zone", "pool", "member", "state"),
        {
            (show(key.zone), key.pool, key.member, said.state.value): 1
            for key, said in edition.outlook.overrides.items()
        },
    )
    atlas = edition.inputs.atlas
    age: dict[Labels, float] = {(atlas.name,): now - atlas.built}
    yield _gauges("geodns_database_age_seconds", "Since the geographic database was made.", ("database",), age)


def of_outside(views: Iterable[OutsideView], outcomes: Mapping[str, int], now: float) -> Iterator[Metric]:
    """Of the names outside that an ALIAS leads to."""
    addresses: dict[Labels, float] = {}
    stale: dict[Labels, float] = {}
    for view in views:
        labels = (show(view.name), view.rtype)
        stale[labels] = max(0.0, now - view.course.good_until) if view.is_stale else 0.0
        if view.resolved is not None:
            addresses[labels] = len(view.resolved.addresses)
    names = ("alias", "type")
    yield _gauges("geodns_alias_addresses", "Addresses of a name outside; missing: not resolved.", names, addresses)
    yield _gauges(
        "geodns_alias_stale_seconds", "Since when the answer of a name outside has outlived its time.", names, stale
    )
    lookups = CounterMetricFamily("geodns_alias_lookups", "Questions for names outside.", labels=("outcome",))
    for outcome, count in outcomes.items():
        lookups.add_metric((outcome,), count)
    yield lookups


def of_copies(views: Iterable[CopyView], outcomes: Mapping[str, int], now: float) -> Iterator[Metric]:
    """Of zones that are copied from other servers."""
    serials: dict[Labels, float] = {}
    left: dict[Labels, float] = {}
    for view in views:
        labels = (str(view.secondary),)
        left[labels] = max(0.0, view.course.expires - now)
        if view.course.timers is not None:
            serials[labels] = view.course.timers.serial
    yield _gauges("geodns_copy_serial", "The serial of the copy.", ("zone",), serials)
    yield _gauges("geodns_copy_expires_seconds", "Until the copy expires; 0: it is not served.", ("zone",), left)
    refreshes = CounterMetricFamily("geodns_copy_refreshes", "Questions to primaries.", labels=("outcome",))
    for outcome, count in outcomes.items():
        refreshes.add_metric((outcome,), count)
    yield refreshes


def of_loads(seen: Mapping[Key, Seen]) -> Iterator[Metric]:
    """Of pools and members that load matters to."""
    pools: dict[Labels, Seen] = {}
    members: dict[Labels, Seen] = {}
    for key, each in seen.items():
        if isinstance(key, MemberKey):
            members[show(key.zone), key.pool, key.member] = each
        else:
            pools[show(key[0]), key[1]] = each
    yield from _loads("pool", ("zone", "pool"), "of its clients", pools)
    yield from _loads("member", ("zone", "pool", "member"), "of its weight", members)


def _loads(what: str, labels: Labels, whole: str, seen: Mapping[Labels, Seen]) -> Iterator[Metric]:
    loads = {key: each.load for key, each in seen.items() if each.load is not None}
    targets = {key: each.target for key, each in seen.items() if each.target is not None}
    shares = {key: each.share for key, each in seen.items()}
    yield _gauges(
        f"geodns_{what}_load", f"The load of the {what} that was reported last, while it counts.", labels, loads
    )
    yield _gauges(f"geodns_{what}_load_target", f"The load that the {what} is to have.", labels, targets)
    yield _gauges(f"geodns_{what}_kept", f"What load leaves the {what} {whole}, from 0 to 1.", labels, shares)


def _members(edition: Edition) -> Iterator[tuple[Zone, Pool, Member]]:
    for zone in edition.inputs.zones:
        for pool in zone.pools.values():
            for member in pool.members:
                yield zone, pool, member


def _counter(name: str, says: str, count: int) -> Metric:
    return CounterMetricFamily(name, says, value=count)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _gauges(name: str, says: str, labels: Sequence[str], values: Mapping[Labels, float]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=labels)
    for each, value in values.items():
        family.add_metric(each, value)
    return family
