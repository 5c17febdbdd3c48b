"""Edition → the edition that there would be, if: pools or members down, or another time. Pure; nothing is published."""

from dataclasses import replace

from geodns.config.problem import did_you_mean
from geodns.control.edition import Edition
from geodns.model.pool import PoolName
from geodns.model.zone import Zone
from geodns.policy.supposing import suppose_down
from geodns.table.compile import plans_part
from geodns.table.image import table_over


def supposing(edition: Edition, zone: Zone, down: frozenset[str], at: float | None = None) -> Edition:
    """`down`: pools, or `pool/member`s; `at`: in seconds since the epoch. All else is as it is.

    Raises ValueError, with a sentence, where a name is none.
    """
    for name in sorted(down):
        check_name(zone, name)
    pools, outlook = suppose_down(zone.pools, down, edition.outlook)
    if at is not None:
        outlook = replace(outlook, now=at)
    drafts = replace(
        edition.drafts,
        drafts=tuple(
            replace(draft, pools=pools) if draft.key.zone == zone.name else draft for draft in edition.drafts.drafts
        ),
    )
    plans = tuple(
        drafts.compile(number, outlook) if plan.key.zone == zone.name else plan
        for number, plan in enumerate(edition.plans)
    )
    zones = tuple(replace(each, pools=pools) if each is zone else each for each in edition.inputs.zones)
    parts = {**edition.parts, "plans": plans_part(plans)}
    return replace(
        edition,
        inputs=replace(edition.inputs, zones=zones),
        outlook=outlook,
        drafts=drafts,
        plans=plans,
        parts=parts,
        table=table_over(parts),
    )


def check_name(zone: Zone, name: str) -> None:
    """Raises ValueError, with a sentence, where the zone has no such pool or `pool/member`."""
    pool, slash, member = name.partition("/")
    if PoolName(pool) not in zone.pools:
        raise ValueError(f"{zone} has no pool '{pool}'{did_you_mean(pool, list(zone.pools))}")
    members = [each.name for each in zone.pools[PoolName(pool)].members]
    if slash and member not in members:
        raise ValueError(f"pool '{pool}' has no member '{member}'{did_you_mean(member, members)}")
