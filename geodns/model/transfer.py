"""Who may copy a zone, who is told when it has changed, and what they get in place of policies."""

from dataclasses import dataclass, field

from geodns.model.endpoint import Endpoint
from geodns.model.name import Name, show
from geodns.model.place import Address, Network, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A secret that two servers share. `algorithm` in lower case, such as hmac-sha256."""

    name: Name
    algorithm: str
    secret: bytes = field(repr=False)

    def __str__(self) -> str:
        return show(self.name)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whoever asks from the network and has signed with the key; None: from anywhere, without a key."""

    network: Network | None
    key: Key | None


@dataclass(frozen=True, slots=True)
class Told:
    """A secondary that gets a NOTIFY, signed with the key where there is one."""

    endpoint: Endpoint
    key: Key | None

    def __str__(self) -> str:
        return str(self.endpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """`allow` empty: nobody may copy the zone.

    `view`: the client whose answers stand for policies; None: their names are left out. `decided`: the operator has
    said which of the two, as one must where the zone has policies.
    """

    allow: tuple[Allowed, ...] = ()
    notify: tuple[Told, ...] = ()
    view: Place | Address | None = None
    decided: bool = False

    def keys(self) -> frozenset[Key]:
        keys = [*(each.key for each in self.allow), *(each.key for each in self.notify)]
        return frozenset(key for key in keys if key is not None)
