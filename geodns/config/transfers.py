"""`transfer:` of a zone, or of all zones in geodns.yaml: who may copy it, who is told of changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from geodns.config.forms import TransferForm, ViewForm
from geodns.config.keys import Keys, key_named
from geodns.config.networks import looks_like_network, parse_address, parse_network, parse_server
from geodns.config.places import parse_place
from geodns.config.problem import Problem, did_you_mean
from geodns.config.reading import Reading
from geodns.model.place import Address, Network, Place
from geodns.model.transfer import Allowed, Key, Told, Transfer
from geodns.model.zone import Zone

_ALLOW = "write an address, a network, key NAME, or both: 192.0.2.0/24 key NAME"
_NOTIFY = "write an address, with a port where that is not 53, and key NAME where it is to be signed"


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """What geodns.yaml says that transfers may speak of. `transfer`: of zones that say nothing of it themselves."""

    networks: Mapping[str, tuple[Network, ...]] = field(default_factory=dict)
    keys: Keys = field(default_factory=dict)
    transfer: Transfer | None = None


STRANGERS = Acquaintances()  # without geodns.yaml


def read_transfer(
    reading: Reading, form: TransferForm, known: Acquaintances, at: tuple[str, ...] = ("transfer",)
) -> Transfer:
    """What is wrong is left out; its problems are in `reading` then. `at`: where the form stands."""
    return Transfer(
        allow=_all(reading, (*at, "allow"), form.allow, lambda text: _allowed(text, known)),
        notify=_all(reading, (*at, "notify"), form.notify, lambda text: [_told(text, known)]),
        view=_view(reading, form.policies) if isinstance(form.policies, ViewForm) else None,
        decided=form.policies is not None,
    )


def undecided(zone: Zone) -> Problem | None:
    """Secondaries cannot answer by policy, so whoever lets them copy a zone says what they get in its place."""
    transfer = zone.transfer
    if transfer is None or not transfer.allow or transfer.decided or not zone.steered:
        return None
    message = f"{zone} may be copied, and has names that policies answer for; say what copies have in their place"
    return Problem(zone.source, f"{message}: under 'transfer', policies: {{place: EU/DE}}, or policies: omit")


def with_default(zone: Zone, known: Acquaintances) -> Zone:
    return zone if zone.transfer is not None else replace(zone, transfer=known.transfer)


T = TypeVar("T")


def _all(
    reading: Reading, at: tuple[str, ...], texts: Sequence[str], parse: Callable[[str], Sequence[T]]
) -> tuple[T, ...]:
    found: list[T] = []
    for number, text in enumerate(texts):
        try:
            found += parse(text)
        except ValueError as error:
            reading.complain(reading.document.value(*at, number), str(error))
    return tuple(dict.fromkeys(found))


def _allowed(text: str, known: Acquaintances) -> list[Allowed]:
    place, key = _parted(text, known, _ALLOW)
    if not place:
        return [Allowed(None, key)]
    if looks_like_network(place):
        return [Allowed(parse_network(place), key)]
    if place not in known.networks:
        raise ValueError(f"there is no network '{place}'{did_you_mean(place, known.networks)}")
    return [Allowed(network, key) for network in known.networks[place]]


def _told(text: str, known: Acquaintances) -> Told:
    place, key = _parted(text, known, _NOTIFY)
    if not place:
        raise ValueError(f"'{text}' is nobody who could be told; {_NOTIFY}")
    return Told(parse_server(place), key)


def _parted(text: str, known: Acquaintances, right: str) -> tuple[str, Key | None]:
    """`PLACE`, `key NAME` or `PLACE key NAME`."""
    match text.split():
        case [place] if place != "key":
            return place, None
        case ["key", name]:
            return "", key_named(name, known.keys)
        case [place, "key", name]:
            return place, key_named(name, known.keys)
    raise ValueError(f"'{text}' is not understood; {right}")


def _view(reading: Reading, form: ViewForm) -> Place | Address | None:
    try:
        if form.place is not None and form.from_ is None:
            return parse_place(form.place)
        if form.from_ is not None and form.place is None:
            return parse_address(form.from_)
        raise ValueError("a client is told by one of 'place' and 'from'")
    except ValueError as error:
        reading.complain(reading.document.value("transfer", "policies"), str(error))
        return None
