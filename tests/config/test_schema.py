"""The JSON Schemas, judged by another implementation."""

import json

import pytest
from jsonschema import Draft202012Validator

from geodns.config.marked import parse
from geodns.config.schema import settings_schema, zone_schema
from geodns.config.tree import value_of
from tests.config.example import GOOD, VOCABULARY, changed


def accepts(text: str) -> bool:
    root = parse(text.encode(), "f").root
    assert root is not None
    return Draft202012Validator(zone_schema(VOCABULARY)).is_valid(value_of(root))


def test_the_schemas_are_schemas() -> None:
    Draft202012Validator.check_schema(zone_schema(VOCABULARY))
    Draft202012Validator.check_schema(settings_schema())


def test_a_good_zone_fits() -> None:
    assert accepts(GOOD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weight: 3", "wieght: 3"),
        ("type: http", "type: htp"),
        ("path: /healthz", "port: x"),
        ("select: weighted", "select: wieghted"),
        ("[DE, AT, NO]", "[de]"),
        ("ttl: 30s", "ttl: 30x"),
        ("{policy: global}\n  api", "{polcy: global}\n  api"),
    ],
)
def test_a_mistake_does_not_fit(old: str, new: str) -> None:
    assert not accepts(changed(old, new))


def test_every_key_is_described() -> None:
    definitions = json.loads(json.dumps(zone_schema(VOCABULARY)))["$defs"]
    for form in ("MemberForm", "PoolForm", "PolicyForm", "RuleForm", "SoaForm", "ExpectationForm"):
        assert all("description" in field for field in definitions[form]["properties"].values()), form
