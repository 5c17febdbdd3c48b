"""geodns schema, and its copies under docs/, which editors are pointed at."""

import json
from pathlib import Path

import pytest

from geodns.cli.main import main
from geodns.cli.schema import SCHEMAS, schema_text

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("which", SCHEMAS)
def test_a_schema_is_printed(which: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", which]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize("which", SCHEMAS)
def test_the_schema_under_docs_is_the_current_one(which: str) -> None:
    file = DOCS / f"{which}.schema.json"
    way_out = f"it is old: run geodns schema {which} > docs/{which}.schema.json"
    assert file.read_text(encoding="utf-8") == schema_text(which) + "\n", way_out
