"""pydantic's errors → our sentences, at the places that the operator wrote."""

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from geodns.config.problem import Problem, did_you_mean
from geodns.config.tree import Document, Path

# What is wanted, by the kind of pydantic's error up to its first underscore.
_WANTED = {
    "int": "a whole number, such as 3",
    "float": "a number, such as 1.5",
    "finite": "a number, such as 1.5",
    "string": "a text; put it in quotes",
    "bool": "true or false",
    "list": "a list, such as [a, b]",
    "tuple": "a list, such as [a, b]",
    "set": "a list, such as [a, b]",
    "frozen": "a list, such as [a, b]",
    "dict": "a mapping of keys to values",
    "model": "a mapping of keys to values",
    "dataclass": "a mapping of keys to values",
}


def complaints(error: ValidationError, form: type, document: Document, base: Path) -> Iterator[Problem]:
    """The problems of what stands at `base` and was checked against `form`."""
    for detail in error.errors(include_url=False):
        yield _complaint(detail, form, document, base)


def unknown_keys(error: ValidationError) -> list[Path]:
    """Where they stand, in the value that was checked."""
    return [detail["loc"] for detail in error.errors(include_url=False) if detail["type"] == "extra_forbidden"]


def _complaint(detail: ErrorDetails, form: type, document: Document, base: Path) -> Problem:
    """Cases: 1. a key nobody knows, 2. a bad key, 3. a missing key, 4. a bad value."""
    steps = tuple(step for step in detail["loc"] if step != "[key]" and not _is_tag(step))
    path = base + steps
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if detail["type"] == "extra_forbidden":
        hint = did_you_mean(key, _keys_at(form, steps[:-1]))
        return Problem(document.key(*path), f"unknown key '{key}'{hint}")
    if detail["loc"][-1:] == ("[key]",):
        return Problem(document.key(*path), _said(detail))
    if detail["type"] == "missing":
        return Problem(document.key(*path[:-1]), f"the key '{key}' is missing")
    return Problem(document.value(*path), _sentence(key, detail))


def _is_tag(step: str | int) -> bool:
    """Of one form among several that a value may have; no key that a form knows has a space in it."""
    return isinstance(step, str) and " " in step


def _sentence(key: str, detail: ErrorDetails) -> str:
    kind, found = detail["type"], show(detail["input"])
    limits = detail.get("ctx", {})
    match kind:
        case "value_error":
            return _said(detail)
        case "greater_than_equal":
            return f"'{key}' is {found}; it has to be {limits['ge']:g} or more"
        case "greater_than":
            return f"'{key}' is {found}; it has to be more than {limits['gt']:g}"
        case "less_than_equal":
            return f"'{key}' is {found}; it has to be {limits['le']:g} or less"
        case "literal_error" | "enum":
            return f"'{key}' is {found}; it has to be {str(limits['expected']).replace(chr(39), '')}"
        case "too_short":
            return f"'{key}' is empty; name at least one"
    wanted = _WANTED.get(kind.partition("_")[0])
    if wanted is None:
        return f"'{key}' is {found}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
    return f"'{key}' wants {wanted}; found {found}"


def _said(detail: ErrorDetails) -> str:
    """The sentence of a validator of ours."""
    return str(detail.get("ctx", {}).get("error", detail["msg"]))


def show(value: object) -> str:
    """A value as it is named in a sentence."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value}"
        case str():
            return f"'{value}'" if len(value) <= 60 else f"'{value[:60]}…'"
        case dict():
            return "a mapping"
    return "a list"


def _keys_at(form: type, steps: Path) -> list[str]:
    """The keys of the forms that the steps lead to; steps that are no field are names, indexes or tags."""
    here: list[type] = [form]
    for step in steps:
        inner = [found for each in here for found in _forms_in(_fields(each).get(str(step)))]
        here = inner or here
    return [key for each in here for key in _fields(each)]


def _fields(form: type) -> dict[str, object]:
    if not issubclass(form, BaseModel):
        return {}
    return {field.alias or name: field.annotation for name, field in form.model_fields.items()}


def _forms_in(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _forms_in(part)
