"""What pages show of the command line is what it prints."""

from pathlib import Path

import pytest

from tests.docs.consoles import is_ours, replayed
from tests.docs.pages import Block, blocks_of, names, page

PAGES = [name for name in names() if any(is_ours(block) for block in blocks_of(name, page(name)))]


@pytest.mark.parametrize("name", PAGES)
def test_a_command_prints_what_the_page_shows(name: str, tmp_path: Path) -> None:
    for block, said in replayed(name, tmp_path):
        assert block.text == said, f"{block}: put in what is printed with python -m tests.docs.consoles {name}"


def of_steering() -> set[str]:
    return {name for name in names() if name.startswith(("docs/selections/", "docs/rules/"))}


def test_every_selection_and_kind_of_rule_shows_what_comes_out() -> None:
    assert of_steering() - set(PAGES) == set()


def test_the_index_leads_to_every_page_of_steering() -> None:
    index = page("docs/steering.md")
    assert [name for name in sorted(of_steering()) if f"]({name.removeprefix('docs/')})" not in index] == []


def test_a_wrong_line_would_be_found(tmp_path: Path) -> None:
    (block, said), *_ = replayed("docs/selections/weighted.md", tmp_path)
    assert said.count("\n") > 5
    assert said != block.text.replace("60 %", "61 %")


@pytest.mark.parametrize(
    ("command", "ours"),
    [
        ("$ geodns explain www.example.com --from 8.8.8.8 --zones zones/", True),
        ("$ geodns explain www.example.com --from 8.8.8.8", False),
        ("$ geodns drain example.com/eu/fra1", False),
        ("$ dig @127.0.0.1 www.example.com", False),
        ("$ geodns diff old new", True),
    ],
)
def test_only_what_reads_files_is_run(command: str, ours: bool) -> None:
    assert is_ours(Block("page", 1, f"{command}\n", "console")) is ours
