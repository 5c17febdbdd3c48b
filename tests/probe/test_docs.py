"""docs/probes.md says what the code does."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml
from pydantic import TypeAdapter

from geodns.probe import PROBES

PAGE = (Path(__file__).parents[2] / "docs" / "probes.md").read_text(encoding="utf-8")
COMMON = {"type", "interval", "timeout", "rise", "fall"}


def section(kind: str) -> str:
    return PAGE.partition(f"\n## {kind}\n")[2].partition("\n## ")[0]


def keys_of(kind: str) -> list[str]:
    """The keys of a type, with those of what stands in one, such as `expect`."""
    return sorted(_keys_of(PROBES[kind]))


def _keys_of(kind: type, within: str = "") -> Iterator[str]:
    kinds = get_type_hints(kind)
    for field in fields(kind):
        choices = (kinds[field.name], *get_args(kinds[field.name]))  # the type itself, or those that a union has
        inner = next((each for each in choices if isinstance(each, type) and is_dataclass(each)), None)
        if inner is None:
            yield within + field.name
        else:
            yield from _keys_of(inner, f"{within}{field.name}.")


@pytest.mark.parametrize("kind", PROBES)
def test_every_type_has_a_section_with_exactly_its_keys(kind: str) -> None:
    assert sorted(re.findall(r"^\| `([a-z.]+)` \|", section(kind), re.MULTILINE)) == keys_of(kind)


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_is_a_check_that_can_be_made(example: str) -> None:
    for check in yaml.safe_load(example)["checks"].values():
        adapter: TypeAdapter[Any] = TypeAdapter(PROBES[check["type"]])
        assert adapter.validate_python({key: value for key, value in check.items() if key not in COMMON})
