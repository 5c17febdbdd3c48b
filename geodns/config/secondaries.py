"""`secondaries:` of geodns.yaml → the zones that come from other servers."""

from collections.abc import Mapping

from geodns.config.keys import key_named
from geodns.config.networks import parse_server
from geodns.config.reading import Reading
from geodns.config.settings_form import SecondaryForm
from geodns.config.transfers import Acquaintances, read_transfer
from geodns.model.name import BadName, Name, is_wildcard, parse_name, show
from geodns.model.secondary import Secondary
from geodns.model.transfer import Key, Transfer


def read_secondaries(
    reading: Reading, forms: Mapping[str, SecondaryForm], known: Acquaintances
) -> tuple[Secondary, ...]:
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
            key, transfer = _key(reading, text, form, known), _transfer(reading, text, form, known)
            found[zone] = Secondary(zone=zone, primaries=primaries, key=key, transfer=transfer, source=source)
    return tuple(found.values())


def _key(reading: Reading, text: str, form: SecondaryForm, known: Acquaintances) -> Key | None:
    if form.key is None:
        return None
    try:
        return key_named(form.key, known.keys)
    except ValueError as error:
        reading.complain(reading.document.value("secondaries", text, "key"), str(error))
        return None


def _transfer(reading: Reading, text: str, form: SecondaryForm, known: Acquaintances) -> Transfer | None:
    if form.transfer is None:
        return known.transfer
    at = ("secondaries", text, "transfer")
    if form.transfer.policies is not None:
        message = "a zone that is copied from elsewhere has no policies, and goes further as it came; leave this out"
        reading.complain(reading.document.key(*at, "policies"), message)
        return None
    return read_transfer(reading, form.transfer, known, at)
