"""The tables of zones.md and server.md name exactly the keys of the JSON Schemas, with their defaults."""

import re
from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from geodns.config.durations import parse_duration
from geodns.config.scalars import plain, resolve
from geodns.config.schema import Schema, settings_schema, zone_schema
from geodns.control.inputs import VOCABULARY
from tests.docs.pages import names, page, rows

ZONE, SERVER = zone_schema(VOCABULARY), settings_schema()


def part(schema: Schema, *steps: str) -> Schema:
    for step in steps:
        schema = cast(Schema, schema[step])
    return schema


def common_check() -> Schema:
    """The keys that all types of check share; which of them a type requires is for probes.md to say."""
    kinds = [part(kind, "properties") for kind in cast(list[Schema], part(ZONE, "$defs", "CheckForm")["oneOf"])]
    shared = {key: value for key, value in kinds[0].items() if all(kind.get(key) == value for kind in kinds[1:])}
    return {"properties": shared | {"type": {}}, "required": ["type"]}


SECTIONS = [
    ("docs/zones.md", "The file", ZONE, ZONE),
    ("docs/zones.md", "checks", common_check(), ZONE),
    *(
        ("docs/zones.md", section, part(ZONE, "$defs", form), ZONE)
        for section, form in {
            "soa": "SoaForm",
            "pools": "PoolForm",
            "members": "MemberForm",
            "policies": "PolicyForm",
            "rules": "RuleForm",
            "tests": "ExpectationForm",
        }.items()
    ),
    ("docs/time/schedules.md", "", part(ZONE, "$defs", "WindowForm"), ZONE),
    ("docs/time/ramp.md", "", part(ZONE, "$defs", "RampForm"), ZONE),
    ("docs/zones.md", "records", part(ZONE, "properties", "records", "additionalProperties"), ZONE),
    ("docs/server.md", "Keys", SERVER, SERVER),
    ("docs/secondary.md", "", part(SERVER, "$defs", "SecondaryForm"), SERVER),
]
IDS = [f"{name}: {section}" for name, section, *_ in SECTIONS]


def inner_form(field: object, schema: Schema) -> Schema:
    """The forms that a key's value may be, for rows such as `location.lat`."""
    names = re.findall(r"#/\$defs/(\w+)", str(field))
    assert names, f"nothing has keys within {field}"
    forms = [part(schema, "$defs", name, "properties") for name in names]
    return {"properties": {key: value for form in forms for key, value in form.items()}}


@pytest.mark.parametrize(("name", "section", "form", "schema"), SECTIONS, ids=IDS)
def test_a_table_has_exactly_the_keys_that_there_are(name: str, section: str, form: Schema, schema: Schema) -> None:
    properties = part(form, "properties")
    named = rows(name, section)
    assert {key.partition(".")[0] for key in named} == set(properties)
    for outer in {key.partition(".")[0] for key in named if "." in key}:
        inner = {key.partition(".")[2] for key in named if key.startswith(f"{outer}.")}
        assert inner == set(part(inner_form(properties[outer], schema), "properties"))


@pytest.mark.parametrize(("name", "section", "form", "schema"), SECTIONS, ids=IDS)
def test_a_table_tells_the_defaults_and_what_is_required(name: str, section: str, form: Schema, schema: Schema) -> None:
    properties = part(form, "properties")
    required = cast(list[str], form.get("required", []))
    for key, cell in rows(name, section).items():
        outer, _, inner = key.partition(".")
        fields = part(inner_form(properties[outer], schema), "properties") if inner else properties
        default = cast(Mapping[str, object], fields[inner or outer]).get("default")
        assert (cell == "required") == (key in required), key
        # None and what is empty are told in words; so are defaults that stand in the code and not in the form.
        if isinstance(default, str | int | float | list) and default not in ([], ""):
            assert default in readings(cell), f"{key}: the page says {cell}, the schema {default!r}"


def readings(cell: str) -> Iterator[object]:
    """What `cell` may mean: a value, a list of one, a list, a duration, a share."""
    text = cell.strip("`")
    yield from (resolve(plain(text)), [text], text.strip("[]").split(", "))
    if re.fullmatch(r"[0-9.]+(ms|[smhdw])", text):
        yield parse_duration(text)
    if re.fullmatch(r"[0-9.]+%", text):
        yield float(text[:-1])


def keys_of(schema: object) -> Iterator[str]:
    """Every key that the schema knows, however deep."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        schema = list(schema.values())
    for inner in schema if isinstance(schema, list) else ():
        yield from keys_of(inner)


@pytest.mark.parametrize(
    ("name", "schema"), [("docs/zones.md", ZONE), ("docs/server.md", SERVER)], ids=["zone", "server"]
)
def test_every_key_is_named_on_the_page(name: str, schema: Schema) -> None:
    """Or on one of those in folders, which go further into single things."""
    text = "".join(page(each) for each in names() if each == name or each.count("/") > 1)
    named = {each for code in re.findall(r"`([^`\n]+)`", text) for each in re.findall(r"\w+", code)}
    assert set(keys_of(schema)) - named == set()


def test_every_selection_and_probe_type_is_named() -> None:
    assert set(VOCABULARY.selections) == set(rows("docs/zones.md", "How members share"))
    assert all(f"`{kind}`" in page("docs/zones.md") for kind in VOCABULARY.probes)
