"""docs/cli.md and --help say what the command takes."""

import argparse
import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from geodns.cli.main import make_parser
from geodns.cli.verbs import NAMES

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def section(verb: str) -> str:
    return PAGE.partition(f"\n## {verb}\n")[2].partition("\n## ")[0]


def parser_of(verb: str) -> argparse.ArgumentParser:
    (verbs,) = (each for each in make_parser(verb)._actions if isinstance(each, argparse._SubParsersAction))
    found = verbs.choices[verb]
    assert isinstance(found, argparse.ArgumentParser)
    return found


def options_of(verb: str) -> set[str]:
    return {option for action in parser_of(verb)._actions for option in action.option_strings} - {"-h", "--help"}


def examples(text: str) -> Iterator[str]:
    """Commands, each up to what is the shell's, or a remark after several spaces."""
    for line in re.findall(r"^ *(?:.*&& |example: )?(geodns .*)$", text, re.MULTILINE):
        yield re.split(r"   +", line)[0]


def test_there_is_a_section_a_verb_in_the_order_of_help() -> None:
    assert re.findall(r"^## (.*)$", PAGE, re.MULTILINE) == list(NAMES)


@pytest.mark.parametrize("verb", NAMES)
def test_a_section_names_exactly_the_options_that_there_are(verb: str) -> None:
    rows = [line.split("|")[1] for line in section(verb).splitlines() if line.startswith("| ")]
    assert {option for row in rows for option in re.findall(r"`(--?[a-z0-9-]+)`", row)} == options_of(verb)


@pytest.mark.parametrize("verb", NAMES)
def test_every_option_is_explained_in_help(verb: str) -> None:
    assert all(action.help for action in parser_of(verb)._actions)


@pytest.mark.parametrize(
    "example", [each for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for each in examples(block)]
)
def test_every_example_of_the_page_is_understood(example: str) -> None:
    understood(example)


@pytest.mark.parametrize("verb", ["", *NAMES])
def test_every_example_of_help_is_understood(verb: str) -> None:
    found = list(examples((parser_of(verb) if verb else make_parser()).epilog or ""))
    assert found
    for example in found:
        understood(example)


def understood(example: str) -> None:
    _, *words = takewhile(lambda word: word not in ("&&", ">", "|"), shlex.split(example))
    make_parser(words[0]).parse_args(words)
