"""What a package says of itself: every file of it, in the order in which it is understood."""

import re
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parents[1] / "geodns"
TOLD = ("model", "config", "resolution", "secondary", "policy", "table", "control", "cli")


@pytest.mark.parametrize("package", TOLD)
def test_a_package_names_all_of_its_files(package: str) -> None:
    folder = PACKAGES / package
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    named = set(re.findall(r"\w+", text))
    assert {file.stem for file in folder.glob("*.py")} - {"__init__"} <= named
