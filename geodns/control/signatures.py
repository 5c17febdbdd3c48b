"""What an explanation was made from, told so that two servers, or two days, can be compared. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from geodns.geo.atlas import Atlas
from geodns.table.image import KINDS
from geodns.table.part import digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseView:
    """`built`: the day that the database itself tells; `tells`: places, AS numbers or both; `checksum`: SHA-256."""

    name: str
    built: str
    tells: str
    checksum: str


def databases_of(atlas: Atlas) -> tuple[DatabaseView, ...]:
    """In the order in which they are believed."""
    return tuple(
        DatabaseView(name=each.name, built=day(each.built), tells=each.tells, checksum=each.digest)
        for each in atlas.databases
    )


def day(seconds: int) -> str:
    """In UTC. `seconds` since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def checksum_of(parts: Mapping[str, bytes]) -> str:
    """Of all that a generation answers with: equal ones answer alike."""
    digests = "".join(digest_of(parts[kind]) for kind in KINDS)
    return blake2b(digests.encode(), digest_size=8).hexdigest()
