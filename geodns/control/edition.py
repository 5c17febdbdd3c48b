"""Inputs + outlook → edition: all that one generation is made of, as a value. Pure but for the kept territories."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import partial

from geodns.control.inputs import Inputs, Progress, silent
from geodns.control.serials import Book, carry_on, serials_of
from geodns.model.outside import ResolvedBy
from geodns.model.verdict import Outlook, PoolKey
from geodns.policy.view import records_in_view
from geodns.table.compile import Drafts, draft_plans, names_part, plans_part
from geodns.table.image import TRANSFERS, Table, table_over
from geodns.table.lands import Keep, Lands, draw_lands, territories_part
from geodns.table.plan import Plan, PlanKey
from geodns.table.slots import Ledgers
from geodns.table.transfer_part import transfers_part
from geodns.table.transfers import Transfers


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """`parts` are sealed; `table` is open over the same bytes, so what explains an answer reads what gives it.

    `elsewhere`: the addresses of names elsewhere that copies of zones have.
    """

    inputs: Inputs
    outlook: Outlook
    serials: Book
    ledgers: Ledgers
    lands: Lands
    drafts: Drafts
    plans: tuple[Plan, ...]
    parts: dict[str, bytes]
    table: Table
    elsewhere: ResolvedBy = field(default_factory=dict)

    def plan(self, key: PlanKey) -> Plan | None:
        return next((plan for plan in self.plans if plan.key == key), None)


def compile_edition(
    inputs: Inputs,
    outlook: Outlook,
    serials: Book,
    ledgers: Ledgers,
    now: float,
    keep: Keep = lambda _, make: make(),
    *,
    before: Transfers | None = None,
    elsewhere: ResolvedBy | None = None,
    progress: Progress | None = None,
) -> Edition:
    """Everything anew: at the start and after a reload. `serials` and `ledgers` are those of the edition before, and
    `before` is what copies of its zones were made from. `elsewhere` None: nobody asks for names elsewhere."""
    report = progress or silent
    report("compiling", 0, None)
    zones = inputs.zones
    views = {zone.name: view for zone in zones if (view := records_in_view(zone, inputs.atlas.place_of, elsewhere))}
    book = carry_on(zones, serials, now, views)
    ledgers = ledgers.for_zones(zones)
    lands = draw_lands(zones, inputs.atlas, keep)
    drafts = draft_plans(zones, lands, ledgers.member_slots(zones))
    plans = drafts.compile_all(outlook)
    parts = {
        "names": names_part(
            zones, serials_of(zones, book), ledgers.zone_slots(zones), partial(report, "compiling names")
        ),
        "territories": territories_part(lands),
        "plans": plans_part(plans),
    }
    followed = [each.zone for each in inputs.settings.secondaries]
    transfers = transfers_part(zones, serials_of(zones, book), views, inputs.settings.keys, before, followed)
    if transfers is not None:
        parts[TRANSFERS] = transfers
    return Edition(
        inputs=inputs,
        outlook=outlook,
        serials=book,
        ledgers=ledgers,
        lands=lands,
        drafts=drafts,
        plans=plans,
        parts=parts,
        table=table_over(parts),
        elsewhere=elsewhere or {},
    )


def refresh(edition: Edition, outlook: Outlook, changed: Collection[PoolKey]) -> Edition:
    """Only the plans that use a changed pool are compiled; names and territories stay as they are.

    Of what there is of all plans, blocks are joined and their octets digested, and nothing else is done for each.
    """
    anew = {number: edition.drafts.compile(number, outlook) for number in edition.drafts.numbers(changed)}
    plans = list(edition.plans)
    for number, plan in anew.items():
        plans[number] = plan
    after = replace(edition, outlook=outlook, plans=tuple(plans))
    if all(plan.block == edition.plans[number].block for number, plan in anew.items()):
        return after
    parts = {**edition.parts, "plans": plans_part(plans)}
    return replace(after, parts=parts, table=table_over(parts))


def is_same_answer(one: Edition, other: Edition) -> bool:
    """Whether clients would notice: a verdict that changes no answer needs no generation."""
    return one.parts == other.parts
