"""`regions:` → what `region:` in a rule stands for. A region may be made of others, but not of itself."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from geodns.config.conditions import Gazetteer, read_conditions
from geodns.config.fields import as_number, city, country, subdivision
from geodns.config.forms import ConditionsForm
from geodns.config.networks import looks_like_network
from geodns.config.reading import Reading
from geodns.config.tree import Node, Table, Value, value_of
from geodns.model.policy import AnyOf

# The other codes of continents are those of Afghanistan, American Samoa, Namibia and Saudi Arabia too, which a list of
# countries may mean.
_ONLY_CONTINENTS = frozenset(("AN", "EU", "OC"))
_KINDS: Mapping[str, Callable[[str], object]] = {
    "city": city,
    "subdivision": subdivision,
    "country": country,
    "asn": as_number,
}


class Regions:
    """Reads the section; each region is read once, after those that it names."""

    def __init__(self, reading: Reading, known: Gazetteer) -> None:
        self._reading = reading
        self._known = known
        self._forms = _forms(reading)
        self._found: dict[str, AnyOf] = {}

    def read(self) -> dict[str, AnyOf]:
        for name in self._forms:
            self._region(name, ())
        return self._found

    def _region(self, name: str, inside: tuple[str, ...]) -> None:
        """Cases: 1. read already, 2. one that is malformed or not there, 3. a circle, 4. the others first, then it."""
        if name in self._found or name not in self._forms:
            return
        if name in inside:
            circle = " → ".join((*inside[inside.index(name) :], name))
            self._reading.complain(
                self._reading.document.key("regions", name), f"region '{name}' is in itself: {circle}"
            )
            self._found[name] = AnyOf(())
            return
        form = self._forms[name]
        for other in form.region or ():
            self._region(other, (*inside, name))
        known = replace(self._known, regions=self._found)
        self._found.setdefault(name, AnyOf(read_conditions(self._reading, form, ("regions", name), known)))


def _forms(reading: Reading) -> dict[str, ConditionsForm]:
    """The well-formed regions. A list of codes is sorted into the keys that they would stand under."""
    forms: dict[str, ConditionsForm] = {}
    for name, node in reading.entries("regions"):
        written = value_of(node)
        if not isinstance(node, Table):
            written = _sorted(reading, name, written if isinstance(written, list) else [written])
        form = reading.form(ConditionsForm, written, "regions", name)
        if form is not None:
            forms[name] = form
            _check_filled(reading, name, node)
    return forms


def _check_filled(reading: Reading, name: str, node: Node) -> None:
    if not node:
        message = f"region '{name}' is empty, so nobody is in it; list countries, such as [DE, AT, CH]"
        reading.complain(reading.document.key("regions", name), message)


def _sorted(reading: Reading, name: str, codes: list[Value]) -> Value:
    keys: dict[str, list[Value]] = {}
    for at, code in enumerate(codes):
        if code in _ONLY_CONTINENTS:
            message = f"'{code}' is a continent; a region of continents is written {{continent: [{code}]}}"
            reading.complain(reading.document.value("regions", name, at), message)
            continue
        keys.setdefault(_key_of(code), []).append(code)
    return dict(keys)


def _key_of(code: Value) -> str:
    """What a code looks like; anything else is meant as the name of another region."""
    if not isinstance(code, str):
        return "asn"
    for key, check in _KINDS.items():
        try:
            check(code)
        except ValueError:
            continue
        return key
    return "network" if looks_like_network(code) else "region"
