"""YAML → marked tree: what is read, what is refused, and where."""

import gc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.config.collector import collector_paused
from geodns.config.marked import Limits, parse
from geodns.config.scalars import Plain, plain, resolve
from geodns.config.tree import Table, value_of
from geodns.model.source import Source


def said(content: bytes, limits: Limits | None = None) -> list[str]:
    return [str(problem) for problem in parse(content, "f", limits or Limits()).problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("off", "off"), ("true", True), ("False", False), ("null", None), ("~", None),
        ("", None), ("010", 10), ("0x1f", 31), ("0o17", 15), ("-7", -7), ("1:30", "1:30"), ("1.50", 1.5),
        ("1e3", 1000.0), (".inf", float("inf")),
        ("1_000", "1_000"), ("192.0.2.1", "192.0.2.1"), ("2001-12-14", "2001-12-14"),
        ("=", "="), ("+", "+"), (".", "."), ("9" * 400, "9" * 400),
    ],
)  # fmt: skip
def test_a_plain_scalar_means_what_yaml_1_2_says(written: str, value: object) -> None:
    assert resolve(plain(written)) == value


def test_a_quoted_scalar_is_always_text() -> None:
    root = parse(b"a: '10'\nb: \"true\"\nc: 10\n", "f").root
    assert root is not None
    assert value_of(root) == {"a": "10", "b": "true", "c": 10}


def test_a_plain_scalar_keeps_its_text() -> None:
    node = parse(b"a: 1.10", "f").node("a")
    assert isinstance(node, Plain)
    assert node == "1.10"


def test_every_key_value_and_item_has_its_place() -> None:
    document = parse(b"pools:\n  eu: {weight: 3}\n  us:\n    - x\n    - y\n", "f")
    assert document.key("pools", "eu", "weight") == Source("f", 2, 8)
    assert document.value("pools", "eu", "weight") == Source("f", 2, 16)
    assert document.value("pools", "us", 1) == Source("f", 5, 7)


def test_steps_that_are_not_in_the_file_are_passed_over() -> None:
    document = parse(b"a: {b: 1}\n", "f")
    assert document.value("a", "some-validator", "b") == Source("f", 1, 8)
    assert document.value("a", "c") == Source("f", 1, 4)


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"a: 1\na: 2\n", ["f:2:1: the key 'a' stands here a second time; the first is in line 1"]),
        (b"a: &x 1\nb: *x\n", ["f:1:4: the anchor '&x' is not supported; write the value out where it is used",
         "f:2:4: the alias '*x' is not supported; write the value out"]),
        (b"a: !!str 1\n", ["f:1:4: the tag 'tag:yaml.org,2002:str' is not supported; a text that looks like a number"
         " goes in quotes"]),
        (b"a: 1\n---\nb: 2\n", ["f:2:1: a second document starts here; write each zone into a file of its own"]),
        (b"? [a]\n: 1\n", ["f:1:3: a key has to be a word or a text, not a list, a mapping or an alias"]),
        (b"?\n: 1\n", ["f:1:2: a key is missing before the colon"]),
        (b"a: [1\n", ["f:2:1: this is no YAML: did not find expected ',' or ']'"]),
        (b"a: 1\n\tb: 2\n", ["f:2:1: this is no YAML: found a tab character that violates indentation"]),
        (b"a: \xff\n", ["f:1:4: the octet 0xff is not UTF-8; save the file in UTF-8"]),
        (b"a: 1\nb: \x00\n", ["f:2:4: the character U+0000 may not stand here; remove it or write it as an escape"]),
    ],
)  # fmt: skip
def test_what_a_zone_file_may_not_hold_is_refused(content: bytes, problems: list[str]) -> None:
    assert said(content) == problems


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        (Limits(octets=3), "f: the file has 12 octets; at most 3 are read"),
        (Limits(depth=2), "f:1:5: lists and mappings are nested more than 2 deep"),
        (Limits(nodes=3), "f:1:5: the file has more than 3 keys and values; split the zone"),
    ],
)
def test_a_file_costs_no_more_than_its_limits(limits: Limits, problem: str) -> None:
    assert said(b"a: [[1], 2]\n", limits) == [problem]


def test_a_duplicate_key_does_not_hide_the_rest_of_the_file() -> None:
    root = parse(b"a: 1\na: 2\nb: 3\n", "f").root
    assert root is not None
    assert value_of(root) == {"a": 1, "b": 3}


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert parse(b"# nothing\n", "f").root == {}


def test_the_garbage_collector_is_paused_and_restored() -> None:
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_progress_rises() -> None:
    shares: list[float] = []
    parse(b"- 1\n" * 100_000, "f", tick=shares.append)
    assert len(shares) > 1
    assert all(0 < earlier < later <= 1 for earlier, later in pairwise(shares))


fragments = st.lists(st.sampled_from("abc:,-?[]{}&*!|>'\"%@`#~0.1\n \t\\é\x00\ufeff\U0001f600"), max_size=60)


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"])).map(str.encode),
        fragments.map(lambda parts: "".join(parts).encode()),
        st.binary(),
    )
)
def test_any_octets_give_a_tree_or_problems_with_a_place(content: bytes) -> None:
    document = parse(content, "f")
    assert document.root is not None or document.problems
    assert all(problem.source.file == "f" for problem in document.problems)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers(), min_size=1))
def test_a_key_stands_in_the_line_that_it_was_written_in(written: dict[str, int]) -> None:
    document = parse("".join(f"{key}: {value}\n" for key, value in written.items()).encode(), "f")
    assert isinstance(document.root, Table)
    assert [document.key(key).line for key in document.root] == list(range(1, len(written) + 1))
