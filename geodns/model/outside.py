"""Names elsewhere whose addresses we answer with: an ALIAS leads to one. They are asked for ahead of all queries."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodns.model.name import Name
from geodns.model.place import Address
from geodns.model.pool import Family

Question = tuple[Name, Family]  # the family is one of addresses


@dataclass(frozen=True, slots=True)
class Resolved:
    """What such a name has of one family. No addresses: it is known to have none. `ttl`: seconds."""

    addresses: tuple[Address, ...]
    ttl: int


ResolvedBy = Mapping[Question, Resolved]  # what is missing is not known: never answered, or too long ago
