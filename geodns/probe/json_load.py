"""A body in JSON → the load that it tells. One that tells none fails no probe: it is unknown, and that is said."""

import json
from dataclasses import dataclass
from math import isfinite

from geodns.model.check import Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLoad:
    """Where the load stands in a JSON body: keys, with dots between them; in a list, numbers from 0."""

    json: str

    def __post_init__(self) -> None:
        if not all(self.json.split(".")):
            raise ValueError(f"{self.json!r} is no path of keys; write load, or stats.load where it is within stats")


def heard(remark: str, where: JsonLoad | None, body: bytes) -> Heard:
    """The remark of a probe that passed, with the load from its answer's body where one is looked for."""
    if where is None:
        return Heard(remark)
    try:
        load = _number(where.json, _value_at(_parsed(body), where.json))
    except LookupError as error:
        return Heard(f"{remark}, load unknown: {error.args[0]}")
    return Heard(remark, load)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise LookupError("the body is no JSON, or longer than 64 KiB") from None


def _value_at(document: object, path: str) -> object:
    for step in path.split("."):
        match document:
            case dict() if step in document:
                document = document[step]
            case list() if step.isdecimal() and int(step) < len(document):
                document = document[int(step)]
            case _:
                raise LookupError(f"the body has no '{path}'")
    return document


def _number(path: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15 or not isfinite(value):
        raise LookupError(f"'{path}' is no number from 0 on")
    return float(value)
