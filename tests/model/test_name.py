"""Names: text ↔ wire, with dnspython as the judge of both."""

import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.name import (
    MAX_NAME,
    ROOT,
    BadName,
    Name,
    ancestors,
    is_below,
    is_wildcard,
    labels,
    parent,
    parse_name,
    show,
    show_in,
)

ORIGIN = parse_name("example.com.")


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("@", b"\7example\3com\0"),
        (".", b"\0"),
        ("www", b"\3www\7example\3com\0"),
        ("WWW", b"\3www\7example\3com\0"),
        ("www.", b"\3www\0"),
        ("a.b", b"\1a\1b\7example\3com\0"),
        (r"a\.b", b"\3a.b\7example\3com\0"),
        (r"a\.", b"\2a.\7example\3com\0"),
        (r"\@", b"\1@\7example\3com\0"),
        (r"\000\255.", b"\2\0\xff\0"),
        (r"\065.", b"\1a\0"),  # an escaped A is an A, and folded like one
        (r"\032x.", b"\2 x\0"),
        (r"\\.", b"\1\\\0"),
        ("_dmarc", b"\6_dmarc\7example\3com\0"),
        ("*", b"\1*\7example\3com\0"),
        ("a" * 63 + ".", b"\x3f" + b"a" * 63 + b"\0"),
    ],
)
def test_text_becomes_wire_in_lower_case(text: str, wire: bytes) -> None:
    assert parse_name(text, ORIGIN) == wire


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the name is empty; write @"),
        ("..", "has an empty label"),
        (".www", "has an empty label"),
        ("www..example", "has an empty label"),
        ("www..", "has an empty label"),
        ("a" * 64, "has a label longer than 63 octets"),
        ("a b", r"has white space in it; write \032"),
        ("a\tb", "has white space in it"),
        ("bücher", "has 'ü': write names outside ASCII in their xn-- form"),
        ("a\\", r"has a bad escape; write \. or \DDD"),
        (r"a\1", "has a bad escape"),
        (r"a\12x", "has a bad escape"),
        (r"\256", r"has the escape \256; the largest is \255"),
        ("\\ü", "has a bad escape"),
        ("\\1²3", "has a bad escape"),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadName) as refused:
        parse_name(text)
    assert why in str(refused.value)


LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])  # with its lengths and the root: 255 octets


def test_a_name_has_at_most_255_octets_its_origin_included() -> None:
    assert len(parse_name(f"{LONGEST}.")) == MAX_NAME
    with pytest.raises(BadName, match="longer than 255 octets"):
        parse_name(f"{LONGEST}d.")
    with pytest.raises(BadName, match="longer than 255 octets"):
        parse_name(LONGEST, ORIGIN)


@st.composite
def names(draw: st.DrawFn) -> Name:
    """Any octets in the labels, in lower case, up to the longest name that there is."""
    name = ROOT
    for label in draw(st.lists(st.binary(min_size=1, max_size=63), max_size=8)):
        longer = bytes((len(label),)) + label.lower() + name
        name = Name(longer) if len(longer) <= MAX_NAME else name
    return name


@given(names())
def test_what_is_shown_reads_as_the_same_name(name: Name) -> None:
    assert parse_name(show(name)) == name


@given(names())
def test_dnspython_reads_what_is_shown(name: Name) -> None:
    assert dns.name.from_text(show(name)).to_wire() == name


@given(names())
def test_what_dnspython_writes_is_read(name: Name) -> None:
    assert parse_name(dns.name.from_wire(name, 0)[0].to_text()) == name


@given(names(), names())
def test_the_form_inside_a_zone_reads_as_the_same_name(name: Name, zone: Name) -> None:
    assert parse_name(show_in(name, zone), zone) == name


@given(names(), names())
def test_dnspython_agrees_on_what_lies_below(name: Name, zone: Name) -> None:
    assert is_below(name, zone) == dns.name.from_wire(name, 0)[0].is_subdomain(dns.name.from_wire(zone, 0)[0])


@given(st.text(max_size=40))
def test_any_text_is_a_name_or_refused_and_a_name_is_as_dnspython_has_it(text: str) -> None:
    try:
        wire = parse_name(text)
    except BadName:
        return
    if text != "@":
        assert dns.name.from_text(text) == dns.name.from_wire(wire, 0)[0]


@pytest.mark.parametrize(
    ("name", "zone", "shown"),
    [
        ("example.com.", "example.com.", "@"),
        ("www.example.com.", "example.com.", "www"),
        ("a.b.example.com.", "example.com.", "a.b"),
        ("www.example.org.", "example.com.", "www.example.org."),
        ("badexample.com.", "example.com.", "badexample.com."),
        (r"\@.example.com.", "example.com.", r"\@"),
        ("www.example.com.", ".", "www.example.com"),
        (".", ".", "@"),
    ],
)
def test_a_zone_file_s_form_is_as_short_as_it_can_be(name: str, zone: str, shown: str) -> None:
    assert show_in(parse_name(name), parse_name(zone)) == shown


def test_a_name_is_walked_from_left_to_right() -> None:
    name = parse_name("www.example.com.")
    assert list(labels(name)) == [b"www", b"example", b"com"]
    assert [show(above) for above in ancestors(name)] == ["example.com.", "com.", "."]
    assert list(ancestors(ROOT)) == []
    assert show(ROOT) == "."


def test_the_root_has_no_parent() -> None:
    with pytest.raises(AssertionError, match="the root has no parent"):
        parent(ROOT)


@pytest.mark.parametrize(("name", "is_one"), [("*.a.", True), ("*.", True), ("*a.", False), ("a.*.", False)])
def test_a_wildcard_s_leftmost_label_is_a_star_alone(name: str, is_one: bool) -> None:
    assert is_wildcard(parse_name(name)) is is_one
