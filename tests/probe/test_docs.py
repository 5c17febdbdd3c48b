"""docs/probes.md says what the code does."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from geodns.probe import PROBES
from geodns.probe.expect import Expect
from geodns.probe.json_load import JsonLoad

PAGE = (Path(__file__).parents[2] / "docs" / "probes.md").read_text(encoding="utf-8")
COMMON = {"type", "interval", "timeout", "rise", "fall"}


def section(kind: str) -> str:
    return PAGE.partition(f"\n## {kind}\n")[2].partition("\n## ")[0]


def keys_of(kind: str) -> list[str]:
    """The keys of a type, with those of `expect` beside it."""
    names = [field.name for field in fields(PROBES[kind])]  # type: ignore[arg-type]
    inner = {"expect", "load"}
    return sorted([*(name for name in names if name not in inner), *_expectations(names), *_loads(names)])


def _expectations(names: list[str]) -> Iterator[str]:
    if "expect" in names:
        yield from (f"expect.{field.name}" for field in fields(Expect))


def _loads(names: list[str]) -> Iterator[str]:
    if "load" in names:
        yield from (f"load.{field.name}" for field in fields(JsonLoad))


@pytest.mark.parametrize("kind", PROBES)
def test_every_type_has_a_section_with_exactly_its_keys(kind: str) -> None:
    assert sorted(re.findall(r"^\| `([a-z.]+)` \|", section(kind), re.MULTILINE)) == keys_of(kind)


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
def test_every_example_is_a_check_that_can_be_made(example: str) -> None:
    for check in yaml.safe_load(example)["checks"].values():
        adapter: TypeAdapter[Any] = TypeAdapter(PROBES[check["type"]])
        assert adapter.validate_python({key: value for key, value in check.items() if key not in COMMON})
