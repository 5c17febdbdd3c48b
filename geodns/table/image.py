"""A Table: what a worker answers from. Immutable; between two packets a worker has exactly one."""

from collections.abc import Mapping

from geodns.table.layout import KIND_NAMES, KIND_PLANS, KIND_TERRITORIES, KIND_TRANSFERS
from geodns.table.part import Part, open_part, view
from geodns.table.transfers import Transfers

KINDS = {"names": KIND_NAMES, "territories": KIND_TERRITORIES, "plans": KIND_PLANS}
TRANSFERS = "transfers"  # the part that not every generation has
ALL_KINDS = {**KINDS, TRANSFERS: KIND_TRANSFERS}


class Table:
    """The parts of a generation as flat buffers; `layout` says what lies where.

    `names`, `territories` and `plans` are views of unsigned 32-bit words, the `_octets` of the same memory.
    """

    __slots__ = ("created", "generation", "names", "names_octets", "plans", "plans_octets", "territories", "transfers")

    def __init__(
        self,
        names: Part,
        territories: Part,
        plans: Part,
        generation: int = 0,
        created: float = 0.0,
        transfers: Transfers | None = None,
    ) -> None:
        self.names = names.words
        self.names_octets = names.octets
        self.territories = territories.words
        self.plans = plans.words
        self.plans_octets = plans.octets
        self.generation = generation
        self.created = created  # seconds since the epoch
        self.transfers = transfers  # None: nobody copies a zone, here or from here, and there is no key

    def __repr__(self) -> str:
        return f"<Table generation {self.generation}>"


def open_table(buffers: Mapping[str, bytes | memoryview], generation: int = 0, created: float = 0.0) -> Table:
    """A table from its three sealed parts, each verified. Raises BadPart."""
    names, territories, plans = (open_part(memoryview(buffers[name]), kind) for name, kind in KINDS.items())
    return Table(names, territories, plans, generation, created)


def table_over(buffers: Mapping[str, bytes | memoryview]) -> Table:
    """A table of parts that were sealed here a moment ago: nothing is read of them, however large they are."""
    names, territories, plans = (view(memoryview(buffers[name])) for name in KINDS)
    return Table(names, territories, plans)
