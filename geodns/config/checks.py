"""`checks:` → Check. The plug-in's own dataclass says which keys its type has."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from geodns.config.complaints import complaints
from geodns.config.forms import CheckForm
from geodns.config.problem import did_you_mean
from geodns.config.reading import Reading
from geodns.config.tree import Path, Value, value_of
from geodns.model.check import Check, Probe

_COMMON = frozenset(CheckForm.model_fields)


def read_checks(reading: Reading, zone: str, probes: Mapping[str, type]) -> dict[str, Check]:
    """The well-formed checks of the zone by name; `zone` is its presentation form, `probes` the known types."""
    found = {}
    for name, node in reading.entries("checks"):
        check = _read_check(reading, zone, name, value_of(node), probes)
        if check is not None:
            found[name] = check
    return found


def _read_check(reading: Reading, zone: str, name: str, value: Value, probes: Mapping[str, type]) -> Check | None:
    """Cases: 1. no mapping, 2. no known type, so its keys cannot be judged, 3. a check."""
    path = ("checks", name)
    if not isinstance(value, dict):
        reading.form(CheckForm, value, *path)
        return None
    form = reading.form(CheckForm, {key: each for key, each in value.items() if key in _COMMON}, *path)
    kind = value.get("type")
    if not isinstance(kind, str) or not reading.knows("check type", kind, probes, *path, "type"):
        return None
    probe = _read_probe(reading, probes[kind], {key: each for key, each in value.items() if key not in _COMMON}, path)
    if form is None or probe is None:
        return None
    if form.timeout > form.interval:
        message = f"the timeout of {form.timeout:g} s is longer than the interval of {form.interval:g} s"
        reading.complain(reading.document.value(*path, "timeout" if "timeout" in value else "interval"), message)
    return Check(
        zone=zone,
        name=name,
        type=kind,
        probe=probe,
        interval=form.interval,
        timeout=form.timeout,
        rise=form.rise,
        fall=form.fall,
        source=reading.document.key(*path),
    )


def _read_probe(reading: Reading, probe: type, value: dict[str, Value], path: Path) -> Probe | None:
    before = len(reading.problems)
    for step, key, known in _unknown_keys(probe, value, ()):
        # The common keys stand beside the plug-in's, so they are known here too.
        hint = did_you_mean(key, known | _COMMON if not step else known)
        reading.complain(reading.document.key(*path, *step, key), f"unknown key '{key}'{hint}")
    try:
        made: Probe = TypeAdapter(probe).validate_python(value)
    except ValidationError as error:
        reading.problems += complaints(error, probe, reading.document, path)
        return None
    return made if len(reading.problems) == before else None


def _unknown_keys(form: type, value: Value, path: Path) -> Iterator[tuple[Path, str, frozenset[str]]]:
    """pydantic passes over keys that a plain dataclass doesn't have; an operator's typing error must not be."""
    if not isinstance(value, dict) or not is_dataclass(form):
        return
    known = frozenset(field.name for field in fields(form) if field.init)
    hints = get_type_hints(form)
    for key, inner in value.items():
        if key not in known:
            yield path, key, known
        elif (nested := _dataclass_in(hints[key])) is not None:
            yield from _unknown_keys(nested, inner, (*path, key))


def _dataclass_in(hint: object) -> type | None:
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next((found for part in get_args(hint) if (found := _dataclass_in(part))), None)
