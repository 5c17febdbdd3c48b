"""How many replies a network of clients gets: what an operator says of it."""

from dataclasses import dataclass

from geodns.model.place import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """Replies by UDP. `responses`: a second, of one kind to one prefix; `total`: of all kinds to one prefix."""

    responses: int = 200
    total: int = 1000
    slip: int = 2  # each so manieth that is limited leaves truncated, the others not at all; 0: none does
    ipv4_prefix: int = 24
    ipv6_prefix: int = 56
    size: int = 65_536  # accounts that are kept
    dry_run: bool = False  # counts, and limits nothing
    exempt: tuple[Network, ...] = ()
