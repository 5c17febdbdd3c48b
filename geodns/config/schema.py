"""The forms as JSON Schema (2020-12), so that editors complete and check what operators write."""

from pydantic import TypeAdapter

from geodns.config.forms import SteeringForm, ZoneForm
from geodns.config.settings_form import SettingsForm
from geodns.config.yaml_zone import Vocabulary

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, object]

_DATUM: Schema = {"type": ["string", "number"]}
_DATA: Schema = {"anyOf": [_DATUM, {"type": "array", "items": _DATUM, "minItems": 1}]}
_TTL_AND_DATA: Schema = {"ttl": True, "data": _DATA}
_HINTS: Schema = {
    "type": "boolean",
    "default": True,
    "description": "Beside a policy or pool: whether the records tell its addresses as ipv4hint and ipv6hint.",
}


def _records_of_a_type(properties: Schema, shape: str) -> Schema:
    mapping = {"type": "object", "properties": properties, "required": ["data"], "additionalProperties": False}
    return {"description": f"A record's data, a list of several, or {shape}.", "anyOf": [_DATA, mapping]}


_TYPES: Schema = {
    "^(?!(HTTPS|SVCB)$)[A-Z][A-Z0-9_-]*$": _records_of_a_type(_TTL_AND_DATA, "{ttl: ..., data: ...}"),
    "^(HTTPS|SVCB)$": _records_of_a_type({**_TTL_AND_DATA, "hints": _HINTS}, "{ttl: ..., data: ..., hints: ...}"),
}


def zone_schema(vocabulary: Vocabulary) -> Schema:
    """Of a zone file, with the plug-ins that there are."""
    schema: Schema = ZoneForm.model_json_schema()
    steering: Schema = SteeringForm.model_json_schema()
    definitions = _part(schema, "$defs")
    for form in ("PoolForm", "PolicyForm"):
        _choose(_part(_part(definitions, form), "properties"), vocabulary)
    check = _part(definitions, "CheckForm")
    kinds = [_check(check, kind, probe, definitions) for kind, probe in vocabulary.probes.items()]
    definitions["CheckForm"] = {"oneOf": kinds}
    records = _part(_part(schema, "properties"), "records")
    properties = _part(steering, "properties")
    _choose(properties, vocabulary)
    records["additionalProperties"] = {
        "type": "object",
        "properties": properties,
        "patternProperties": _TYPES,
        "additionalProperties": False,
    }
    return {"$schema": _DIALECT, **schema}


def settings_schema() -> Schema:
    """Of the server's own file."""
    return {"$schema": _DIALECT, **SettingsForm.model_json_schema()}


def _choose(properties: Schema, vocabulary: Vocabulary) -> None:
    old = _part(properties, "select")
    chosen: Schema = {key: old[key] for key in ("description", "default") if key in old}
    properties["select"] = chosen | {"enum": list(vocabulary.selections)}


def _check(common: Schema, kind: str, probe: type, definitions: Schema) -> Schema:
    """The keys of one type of check: the common ones and those of its dataclass."""
    own: Schema = TypeAdapter(probe).json_schema(ref_template="#/$defs/{model}")
    definitions.update(_part(own, "$defs"))
    required = own.get("required")
    properties: Schema = _part(common, "properties") | _part(own, "properties")
    properties["type"] = {"const": kind}
    return {
        "title": kind,
        "description": (probe.__doc__ or "").strip(),
        "type": "object",
        "properties": properties,
        "required": ["type", *(required if isinstance(required, list) else ())],
        "additionalProperties": False,
    }


def _part(schema: Schema, key: str) -> Schema:
    part = schema.get(key, {})
    assert isinstance(part, dict), f"pydantic writes a mapping for {key}"
    return part
