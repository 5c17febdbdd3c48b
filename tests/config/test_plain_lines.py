"""What is taken out of a master file, what is left to dnspython, and that nobody can tell from the zone."""

import dns.exception
import dns.zone
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geodns.config.master import parse_master
from geodns.config.plain_lines import take_plain
from geodns.config.problem import ConfigError
from geodns.model.name import parse_name
from geodns.model.zone import RRset

ORIGIN = parse_name("example.com.")
HEAD = "@ 60 IN SOA ns1 admin (\n1 2 3 ; refresh\n4 5 )\n@ 60 IN NS ns1\n"


def taken(text: str) -> list[str]:
    """The lines that were taken out."""
    rest, _ = take_plain(text, ORIGIN)
    return [line for line, left in zip(text.split("\n"), rest.split("\n"), strict=True) if line != left]


@pytest.mark.parametrize(
    "line",
    [
        "www 60 A 192.0.2.1",
        "www 60 IN A 192.0.2.1 ; a comment",
        "www.example.com.\t60\tIN\tAAAA\t2001:db8::1",
        "a.b.c 0 CNAME www",
        "* 60 CNAME Other.Example.NET.",
        '_dmarc 60 TXT "v=DMARC1; p=none"',
        "x-1 60 PTR @",
        "sub 60 NS ns1.sub",
    ],
)
def test_a_whole_record_in_a_line_is_taken(line: str) -> None:
    assert taken(f"{HEAD}{line}\n") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "www A 192.0.2.1",  # no TTL, and no $TTL before
        "www IN 60 A 192.0.2.1",
        "www 1h A 192.0.2.1",
        "www 60 CH A 192.0.2.1",
        "www 60 MX 10 mail",
        "www 60 TXT bare",
        'www 60 TXT "a" "b"',
        'www 60 TXT "a\\"b"',
        r"w\119w 60 A 192.0.2.1",
        "www 60 A ( 192.0.2.1 )",
        "@ 60 A 192.0.2.1",
        "example.com. 60 A 192.0.2.1",
        " 60 A 192.0.2.1",
        "",
        "; www 60 A 192.0.2.1",
    ],
)
def test_any_other_line_is_left_where_it_is(line: str) -> None:
    text = f"{HEAD}{line}\nlast 60 A 192.0.2.9\n"
    assert taken(text) == ["last 60 A 192.0.2.9"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("w 60 A 192.0.2.1\n 60 A 192.0.2.2", id="the owner stands in a line that was taken"),
        pytest.param("w 60 A 192.0.2.1\nx MX 1 w", id="so does the TTL"),
        pytest.param("w 60 A 192.0.2.1\nw 61 A 192.0.2.2", id="TTLs that differ"),
        pytest.param("w 60 A 192.0.2.1\nw 60 A 192.0.2.1", id="a record that is there twice"),
        pytest.param("w 60 NS a\nw 60 NS A", id="names that differ in their case"),
        pytest.param("w 60 A 192.0.2.1\nw.example.org. 60 A 192.0.2.1", id="a name outside"),
        pytest.param("w 60 A 192.0.2.1\nx 60 A 192.0.2.300", id="no address"),
        pytest.param("w 60 A 192.0.2.1\n" + "x" * 64 + " 60 A 192.0.2.1", id="no label"),
        pytest.param("w 60 A 192.0.2.1\na..b 60 A 192.0.2.1", id="no name"),
        pytest.param("w 60 A 192.0.2.1\n$GENERATE 1-2 x$ 60 A 192.0.2.$", id="a directive of dnspython's"),
        pytest.param("w 60 A 192.0.2.1\nx 60 TXT \"\\(\" (\n)", id="an escape beside parentheses"),
    ],
)  # fmt: skip
def test_where_something_is_odd_the_file_is_left_as_it_is(lines: str) -> None:
    text = f"{HEAD}{lines}\n"
    assert take_plain(text, ORIGIN) == (text, ())


def test_what_looks_like_a_record_within_parentheses_is_none() -> None:
    assert taken(f"{HEAD}a 60 TXT (\nb 60 A 192.0.2.1\n)\nc 60 A 192.0.2.1\n") == ["c 60 A 192.0.2.1"]


def test_directives_hold_for_both_readers() -> None:
    text = f"{HEAD}$TTL 1h\n$ORIGIN Sub\nwww A 192.0.2.1\nmail MX 1 www\nalias CNAME www\n"
    zone = parse_master(text.encode(), "f", "example.com")
    owner = parse_name("www.sub.example.com.")
    assert RRset(owner, 1, 3600, (b"\xc0\x00\x02\x01",)) in zone.rrsets
    assert {(rrset.rtype, rrset.rdatas[0][-17:]) for rrset in zone.rrsets if rrset.rtype in (5, 15)} == {
        (5, b"\x03Sub\x07example\x03com\0"),
        (15, b"\x03Sub\x07example\x03com\0"),
    }


def test_a_problem_is_told_at_its_own_line() -> None:
    text = HEAD + "a 60 A 192.0.2.1\n" * 1 + "b 60 MX mail\n" + "c 60 A 192.0.2.1\n"
    with pytest.raises(ConfigError, match=r"^f:6:1: this is no record"):
        parse_master(text.encode(), "f", "example.com")


OWNERS = st.sampled_from(["a", "b.a", "*", "A", "@", "a.example.com.", "", "$ORIGIN a", "$TTL 9 ;"])
MIDDLES = st.sampled_from([" ", " 60 ", " IN ", " 60 IN ", " IN 60 ", "\t1h ", " 7 "])
RECORDS = st.sampled_from(
    [
        "A 192.0.2.1", "A 192.0.2.2 ; x", "A 192.0.2.999", "AAAA 2001:db8::1", "AAAA ::ffff:192.0.2.1", "CNAME a",
        "CNAME B.", "NS ns1", "NS NS1", "MX 1 a", 'TXT "x;y" ; z', "TXT x", 'TXT "x" "y"', "TXT (", ")", 'TXT "(',
        "A ( 192.0.2.7", "PTR @", "; nothing", "",
    ]
)  # fmt: skip
LINES = st.tuples(OWNERS, MIDDLES, RECORDS).map("".join)


Sets = set[tuple[bytes, int, int, frozenset[bytes]]]


def judged(text: str) -> Sets | None:
    """The zone as dnspython alone reads it; None where it refuses."""
    try:
        zone = dns.zone.from_text(text, "example.com.", relativize=False)
    except (dns.exception.DNSException, ValueError, KeyError):
        return None
    return {
        (
            (owner.to_wire() or b"").lower(),
            rdataset.rdtype,
            rdataset.ttl,
            frozenset(rdata.to_wire() or b"" for rdata in rdataset),
        )
        for owner, rdataset in zone.iterate_rdatasets()
        if rdataset.rdtype != 6
    }


def read(text: str) -> Sets | None:
    """The zone as we read it; None too where a name has two CNAMEs, the first of which dnspython forgets."""
    try:
        zone = parse_master(text.encode(), "f", "example.com")
    except ConfigError as error:
        assume("one CNAME only" not in str(error))
        return None
    return {(each.owner, each.rtype, each.ttl, frozenset(each.rdatas)) for each in zone.rrsets}


@settings(max_examples=300)
@given(st.lists(LINES, max_size=8), st.booleans())
def test_the_zone_is_the_one_that_dnspython_reads(lines: list[str], has_ttl: bool) -> None:
    text = ("$TTL 5\n" if has_ttl else "") + HEAD + "\n".join(lines) + "\n"
    assert read(text) == judged(text)
