"""Every YAML block of the pages is one that geodns takes."""

from pathlib import Path

import pytest
import yaml

from geodns.admin.tokens import read_tokens
from geodns.config.forms import ZoneForm
from geodns.config.marked import parse
from geodns.config.server import load_settings
from geodns.config.settings_form import SettingsForm
from geodns.config.tree import Rows, Table
from tests.docs.fragments import completed
from tests.docs.loading import refusals_of_zone, said_of_zone
from tests.docs.pages import Block, blocks_of, page, yaml_blocks


def kind_of(block: Block) -> str:
    """What the block is an example of, by its keys; one key that is known is enough, so that others are found wrong."""
    root = parse(block.text.encode(), str(block)).root
    if isinstance(root, Rows):
        return "tokens" if any(isinstance(row, Table) and "role" in row for row in root) else "other"
    assert isinstance(root, Table), f"{block} is no YAML that geodns reads"
    if "zone" in root:
        return "zone"
    if not (SettingsForm.model_fields.keys() - ZoneForm.model_fields.keys()).isdisjoint(root):
        return "server"
    return "fragment" if not ZoneForm.model_fields.keys().isdisjoint(root) else "other"


def blocks(kind: str) -> list[Block]:
    return [block for block in yaml_blocks() if kind_of(block) == kind]


@pytest.mark.parametrize("block", blocks("zone"), ids=str)
def test_a_whole_zone_is_served_without_a_warning_and_passes_its_own_tests(block: Block, tmp_path: Path) -> None:
    assert said_of_zone(block.text, tmp_path) == []


@pytest.mark.parametrize("block", blocks("fragment"), ids=str)
def test_a_fragment_completes_to_a_zone(block: Block, tmp_path: Path) -> None:
    assert refusals_of_zone(completed(block.text), tmp_path) == []


@pytest.mark.parametrize("block", blocks("server"), ids=str)
def test_a_server_file_is_read(block: Block, tmp_path: Path) -> None:
    for other in blocks_of(block.page, page(block.page)):
        if other.language == "text" and other.file:  # lists of networks that it names
            (tmp_path / other.file).write_text(other.text, encoding="utf-8")
    (tmp_path / "geodns.yaml").write_text(block.text, encoding="utf-8")
    load_settings(tmp_path / "geodns.yaml")


@pytest.mark.parametrize("block", blocks("tokens"), ids=str)
def test_a_file_of_tokens_is_read(block: Block) -> None:
    assert read_tokens(block.text.encode(), str(block)).holders


def test_what_is_for_other_programs_is_yaml() -> None:
    for block in (each for each in yaml_blocks() if kind_of(each) == "other"):
        yaml.safe_load(block.text)


def test_the_pages_that_must_have_examples_have_them() -> None:
    kinds = {(block.page, kind_of(block)) for block in yaml_blocks()}
    assert {("README.md", "zone"), ("README.md", "server"), ("docs/zones.md", "zone")} <= kinds
    assert {("docs/probes.md", "fragment"), ("docs/server.md", "server"), ("docs/admin.md", "tokens")} <= kinds


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("pools: {x: {wieght: 3, members: {a: {A: 192.0.2.1}}}}", "unknown key 'wieght'"),
        ("policies: {x: {pools: [nobody]}}", "there is no pool 'nobody'"),
        ("records:\n  www: {A: 192.0.2.300}", "is no IPv4 address"),
        ("checks: {x: {type: tcp}}", "the key 'port' is missing"),
    ],
)
def test_a_fragment_with_a_mistake_would_be_found(fragment: str, said: str, tmp_path: Path) -> None:
    problems = refusals_of_zone(completed(f"{fragment}\n"), tmp_path)
    assert len(problems) == 1
    assert said in problems[0]
