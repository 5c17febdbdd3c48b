"""Inputs + outlook → edition: all that one generation is made of, as a value. Pure but for the kept territories."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial

from geodns.control.inputs import Inputs, Progress, silent
from geodns.control.serials import Book, carry_on, serials_of
from geodns.model.name import Name
from geodns.model.pool import PoolName
from geodns.model.verdict import Outlook
from geodns.table.compile import compile_plans, names_part, plans_part, untouched
from geodns.table.image import Table, open_table
from geodns.table.lands import Keep, Lands, draw_lands, territories_part
from geodns.table.plan import Plan, PlanKey
from geodns.table.slots import Ledgers


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """`parts` are sealed; `table` is open over the same bytes, so what explains an answer reads what gives it."""

    inputs: Inputs
    outlook: Outlook
    serials: Book
    ledgers: Ledgers
    lands: Lands
    plans: tuple[Plan, ...]
    parts: dict[str, bytes]
    table: Table

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
    progress: Progress | None = None,
) -> Edition:
    """Everything anew: at the start and after a reload. `serials` and `ledgers` are those of the edition before."""
    report = progress or silent
    report("compiling", 0, None)
    zones = inputs.zones
    book = carry_on(zones, serials, now)
    ledgers = ledgers.for_zones(zones)
    lands = draw_lands(zones, inputs.atlas, keep)
    plans = compile_plans(zones, lands, outlook, ledgers.member_slots(zones))
    parts = {
        "names": names_part(
            zones, serials_of(zones, book), ledgers.zone_slots(zones), partial(report, "compiling names")
        ),
        "territories": territories_part(lands),
        "plans": plans_part(plans),
    }
    return Edition(
        inputs=inputs,
        outlook=outlook,
        serials=book,
        ledgers=ledgers,
        lands=lands,
        plans=plans,
        parts=parts,
        table=open_table(parts),
    )


def refresh(edition: Edition, outlook: Outlook, changed: Collection[tuple[Name, PoolName]]) -> Edition:
    """Only the plans that use a changed pool are compiled; names and territories stay as they are."""
    zones = edition.inputs.zones
    slots = edition.ledgers.member_slots(zones)
    plans = compile_plans(zones, edition.lands, outlook, slots, untouched(edition.plans, zones, changed))
    parts = {**edition.parts, "plans": plans_part(plans)}
    return replace(edition, outlook=outlook, plans=plans, parts=parts, table=open_table(parts))


def is_same_answer(one: Edition, other: Edition) -> bool:
    """Whether clients would notice: a verdict that changes no answer needs no generation."""
    return one.parts == other.parts
