"""What rules and regions ask of a client's place → conditions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geodns.config.forms import ConditionsForm
from geodns.config.networks import looks_like_network, parse_network
from geodns.config.reading import Reading
from geodns.config.tree import Path
from geodns.model.place import Network
from geodns.model.policy import (
    AnyOf,
    Condition,
    InAsn,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
)

Regions = Mapping[str, AnyOf]

_MEANT = {"UK": "GB", "EL": "GR"}  # reserved for the United Kingdom and Greece, but no database has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """What conditions may name. `countries`: the continent of each ISO 3166-1 code."""

    networks: Mapping[str, tuple[Network, ...]]
    countries: Mapping[str, str]
    regions: Regions


def read_conditions(reading: Reading, form: ConditionsForm, path: Path, known: Gazetteer) -> tuple[Condition, ...]:
    """One for each key that is there, in the order of the form."""
    return tuple(_conditions(reading, form, path, known))


def _conditions(reading: Reading, form: ConditionsForm, path: Path, known: Gazetteer) -> Iterator[Condition]:
    if form.network is not None:
        yield InNetwork(_networks(reading, form.network, (*path, "network"), known))
    if form.continent is not None:
        yield InContinent(frozenset(form.continent))
    if form.country is not None:
        check_countries(reading, form.country, (*path, "country"), known)
        yield InCountry(frozenset(form.country))
    if form.subdivision is not None:
        check_countries(reading, form.subdivision, (*path, "subdivision"), known)
        yield InSubdivision(frozenset(form.subdivision))
    if form.city is not None:
        check_countries(reading, [name.upper() for name in form.city], (*path, "city"), known)
        yield InCity(frozenset(form.city))
    if form.asn is not None:
        yield InAsn(frozenset(form.asn))
    if form.region is not None:
        yield _in_regions(reading, form.region, (*path, "region"), known)


def _networks(reading: Reading, texts: list[str], path: Path, known: Gazetteer) -> frozenset[Network]:
    found: set[Network] = set()
    for at, text in enumerate(texts):
        if not looks_like_network(text):
            if reading.knows("network", text, known.networks, *path, at):
                found.update(known.networks[text])
            continue
        try:
            found.add(parse_network(text))
        except ValueError as error:
            reading.complain(reading.document.value(*path, at), str(error))
    return frozenset(found)


def _in_regions(reading: Reading, names: list[str], path: Path, known: Gazetteer) -> AnyOf:
    declared = reading.names("regions")
    for at, name in enumerate(names):
        reading.knows("region", name, declared, *path, at)
    return AnyOf(tuple(each for name in names if name in known.regions for each in known.regions[name].conditions))


def check_countries(reading: Reading, codes: Sequence[str], path: Path, known: Gazetteer) -> None:
    """Warns of codes that begin with no country; databases of their own may have others than ISO 3166."""
    for at, code in enumerate(codes):
        country = code[:2]
        if known.countries and country not in known.countries:
            hint = f"; did you mean '{_MEANT[country]}'?" if country in _MEANT else ""
            message = f"there is no country '{country}' in ISO 3166, so nobody is found there{hint}"
            reading.warn(reading.document.value(*path, at), message)
