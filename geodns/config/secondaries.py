"""`secondaries:` of geodns.yaml → the zones that come from other servers."""

from collections.abc import Mapping

from geodns.config.keys import Keys, key_named
from geodns.config.networks import parse_server
from geodns.config.reading import Reading
from geodns.config.settings_form import SecondaryForm
from geodns.model.name import BadName, Name, is_wildcard, parse_name, show
from geodns.model.secondary import Secondary
from geodns.model.transfer import Key


def read_secondaries(reading: Reading, forms: Mapping[str, SecondaryForm], keys: Keys) -> tuple[Secondary, ...]:
    """The well-formed ones."""
    found: dict[Name, Secondary] = {}
    for text, form in forms.items():
        source = reading.document.key("secondaries", text)
        try:
            zone = parse_name(text) if text not in ("", "@") else None
        except BadName as error:
            reading.complain(source, str(error))
            continue
        if zone is None or is_wildcard(zone):
            reading.complain(source, f"'{text}' is no name of a zone, such as example.org")
        elif zone in found:
            reading.complain(source, f"the zone {show(zone)} stands here already")
        else:
            primaries = tuple(dict.fromkeys(map(parse_server, form.primaries)))
            key = _key(reading, text, form, keys)
            found[zone] = Secondary(zone=zone, primaries=primaries, key=key, source=source)
    return tuple(found.values())


def _key(reading: Reading, text: str, form: SecondaryForm, keys: Keys) -> Key | None:
    if form.key is None:
        return None
    try:
        return key_named(form.key, keys)
    except ValueError as error:
        reading.complain(reading.document.value("secondaries", text, "key"), str(error))
        return None
