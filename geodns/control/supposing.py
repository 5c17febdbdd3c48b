"""Edition → the edition that there would be, if: pools or members down, other loads, or another time. Pure; nothing is
published."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from geodns.config.problem import did_you_mean
from geodns.control.burdens import Reports, Site, readings, survey
from geodns.control.edition import Edition
from geodns.load.result import loads_of
from geodns.load.settling import Supposed, settled
from geodns.model.name import Name
from geodns.model.pool import PoolName
from geodns.model.verdict import Loads, MemberKey, Outlook, PoolKey
from geodns.model.zone import Zone
from geodns.policy.making import with_made
from geodns.policy.supposing import suppose_down
from geodns.table.compile import plans_part
from geodns.table.image import table_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """What is taken to be so; all else is as it is.

    `down`: pools, or `pool/member`s. `loads`: by such names, what each would have, did it keep all. `at`: in seconds
    since the epoch.
    """

    down: frozenset[str] = frozenset()
    loads: Mapping[str, float] = field(default_factory=dict)
    at: float | None = None


NOTHING = Supposition()


def supposing(edition: Edition, zone: Zone, supposition: Supposition, reports: Reports) -> Edition:
    """Raises ValueError, with a sentence, where a name is none, or no load matters to it."""
    supposed = _otherwise(edition, zone, supposition)
    if not supposition.loads:
        return supposed
    return _with_loads(supposed, zone.name, supposition.loads, reports)


def _otherwise(edition: Edition, zone: Zone, supposition: Supposition) -> Edition:
    for name in sorted(supposition.down):
        check_name(zone, name)
    pools, outlook = suppose_down(zone.pools, supposition.down, edition.outlook)
    if supposition.at is not None:
        outlook = replace(outlook, now=supposition.at)
    zones = tuple(replace(each, pools=pools) if each is zone else each for each in edition.inputs.zones)
    drafts = replace(
        edition.drafts,
        drafts=tuple(
            replace(draft, pools=with_made(pools, draft.routes)) if draft.key.zone == zone.name else draft
            for draft in edition.drafts.drafts
        ),
    )
    supposed = replace(edition, inputs=replace(edition.inputs, zones=zones), drafts=drafts)
    return _compiled(supposed, zone.name, outlook)


def _with_loads(edition: Edition, zone: Name, loads: Mapping[str, float], reports: Reports) -> Edition:
    """What comes of it is where the steps of its pool would end."""
    served = next(each for each in edition.inputs.zones if each.name == zone)
    for name in sorted(loads):
        check_name(served, name)
    sites = survey(edition.inputs.zones, edition.drafts)
    wanted = {_site_of(sites, zone, name) for name in loads}
    looked_at = readings([sites[key] for key in wanted], edition.outlook, reports)
    states = {key: settled(reading, _supposed(key[1], loads)) for key, reading in looked_at.items()}
    outlook = replace(
        edition.outlook, loads=_laid_over(edition.outlook.loads, loads_of(states, reports.asked()), wanted)
    )
    return _compiled(edition, zone, outlook)


def _site_of(sites: Mapping[PoolKey, Site], zone: Name, name: str) -> PoolKey:
    key = (zone, PoolName(name.partition("/")[0]))
    if key not in sites:
        way_out = "give it load: {target: 8000}, or choose from it by least_load"
        raise ValueError(f"no load matters to pool '{key[1]}'; {way_out}")
    return key


def _supposed(pool: PoolName, loads: Mapping[str, float]) -> Supposed:
    members = {name.removeprefix(f"{pool}/"): load for name, load in loads.items() if name.startswith(f"{pool}/")}
    return Supposed(pool=loads.get(pool), members=members)


def _laid_over(before: Loads, supposed: Loads, pools: Collection[PoolKey]) -> Loads:
    """The loads of these pools and their members are the supposed ones."""

    def others(members: Mapping[MemberKey, float]) -> dict[MemberKey, float]:
        return {key: each for key, each in members.items() if (key.zone, key.pool) not in pools}

    return Loads(
        kept={**{key: each for key, each in before.kept.items() if key not in pools}, **supposed.kept},
        eased={**others(before.eased), **supposed.eased},
        evened={**others(before.evened), **supposed.evened},
    )


def _compiled(edition: Edition, zone: Name, outlook: Outlook) -> Edition:
    plans = tuple(
        edition.drafts.compile(number, outlook) if plan.key.zone == zone else plan
        for number, plan in enumerate(edition.plans)
    )
    parts = {**edition.parts, "plans": plans_part(plans)}
    return replace(edition, outlook=outlook, plans=plans, parts=parts, table=table_over(parts))


def parse_loads(texts: Iterable[str]) -> dict[str, float]:
    """`us=12000`, or `us/iad1=3000`. Raises ValueError, with a sentence."""
    loads = {}
    for text in texts:
        name, equals, load = text.rpartition("=")
        try:
            loads[name] = float(load)
        except ValueError:
            equals = ""
        if not name or not equals or not 0 <= loads[name] < 1e15:
            raise ValueError(f"'{text}' supposes no load; write us=12000, or us/iad1=3000 for a member")
    return loads


def check_name(zone: Zone, name: str) -> None:
    """Raises ValueError, with a sentence, where the zone has no such pool or `pool/member`."""
    pool, slash, member = name.partition("/")
    if PoolName(pool) not in zone.pools:
        raise ValueError(f"{zone} has no pool '{pool}'{did_you_mean(pool, list(zone.pools))}")
    members = [each.name for each in zone.pools[PoolName(pool)].members]
    if slash and member not in members:
        raise ValueError(f"pool '{pool}' has no member '{member}'{did_you_mean(member, members)}")
