"""DNAME in zone files: how it is read, and what may not stand beside or below it."""

from pathlib import Path

import pytest

from geodns.config.master import parse_master, write_master
from geodns.config.problem import ConfigError
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.model.name import parse_name
from geodns.model.zone import Zone

HEAD = """\
zone: example.com
pools: {eu: {members: {fra1: {A: 192.0.2.10}}}}
records:
  "@": {NS: [ns.example.net., ns.example.org.]}
  www: {pool: eu}
"""  # the next record is in line 6
MASTER = (
    "$ORIGIN example.com.\n$TTL 300\n@ SOA ns admin 1 2 3 4 5\n@ NS ns.example.net.\n@ NS ns.example.org.\n"  # likewise
)


def said(folder: Path, *records: str) -> list[str]:
    """Problems and warnings of a YAML zone with these records, each without the file's name."""
    file = folder / "zone.yaml"
    file.write_text(HEAD + "".join(f"  {record}\n" for record in records))
    return _told([file], folder)


def said_of_master(folder: Path, *lines: str) -> list[str]:
    file = folder / "example.com.zone"
    file.write_text(MASTER + "".join(f"{line}\n" for line in lines))
    return _told([file], folder)


def _told(files: list[Path], folder: Path) -> list[str]:
    try:
        found = load(files, VOCABULARY).warnings
    except ConfigError as error:
        found = error.problems
    return [str(problem).removeprefix(f"{folder}/").replace("zone.yaml:", "", 1) for problem in found]


def read(folder: Path, *records: str) -> Zone:
    assert said(folder, *records) == []
    return load([folder / "zone.yaml"], VOCABULARY).zones[0]


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("{DNAME: new}", b"\x03new\x07example\x03com\0"),
        ("{DNAME: Example.NET.}", b"\x07Example\x03NET\0"),
        ("{DNAME: .}", b"\0"),
        ("{DNAME: {ttl: 1d, data: new}}", b"\x03new\x07example\x03com\0"),
        ("{TYPE39: '\\# 5 036e657700'}", b"\x03new\0"),
        ("{DNAME: new, A: 192.0.2.1, TXT: beside}", b"\x03new\x07example\x03com\0"),
        ("{DNAME: new, pool: eu}", b"\x03new\x07example\x03com\0"),  # the owner itself is answered as ever
    ],
)
def test_a_dname_is_a_record_like_any(written: str, target: bytes, tmp_path: Path) -> None:
    zone = read(tmp_path, f"old: {written}")
    assert [each.rdatas for each in zone.rrsets if each.rtype == 39] == [(target,)]


def test_it_may_stand_at_the_apex_with_the_zone_s_own_records(tmp_path: Path) -> None:
    file = tmp_path / "zone.yaml"
    file.write_text(
        'zone: example.com\nrecords:\n  "@": {NS: [ns.example.net., ns.example.org.], DNAME: example.net., TXT: x}\n'
    )
    assert _told([file], tmp_path) == []


BELOW = (
    "is below 'old', whose DNAME leads all names there to new.example.com., so it would never be answered"
    " (RFC 6672 §2.4); move it there, or remove one of the two"
)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (["old: {DNAME: new}", "www.old: {A: 192.0.2.1}"], [f"7:3: 'www.old' {BELOW}"]),
        (["old: {DNAME: new}", "a.b.old: {pool: eu}"], [f"7:3: 'a.b.old' {BELOW}"]),
        (["old: {DNAME: new}", "x.old: {NS: ns.example.net.}"], [f"7:3: 'x.old' {BELOW}"]),
        (["old: {DNAME: new}", "'*.old': {A: 192.0.2.1}"], [f"7:3: '*.old' {BELOW}"]),
        (["old: {DNAME: new}", "x.old: {DNAME: other}"], [f"7:3: 'x.old' {BELOW}"]),
        (["old: {DNAME: new, CNAME: new}"],
         ["6:3: 'old' has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)"]),
        (["old: {DNAME: [new, newer]}"], ["6:16: a name can have one DNAME only"]),
        (["old: {DNAME: new, NS: ns.example.net.}"],
         ["6:3: 'old' is delegated by its NS, so its DNAME would never be answered; remove one of the two"]),
        (["'*.old': {DNAME: new}"],
         ["6:3: '*.old' is a wildcard with a DNAME, of which servers make different things (RFC 6672 §3.3); give the"
          " DNAME to the name above it, which redirects all that is below"]),
        (["old: {DNAME: a..b}"], ["6:16: 'a..b' is no DNAME data: A DNS label is empty.; such as new"]),
        (["old: {DNAME: old}"],
         ["6:3: warning: the DNAME of old.example.com. leads to old.example.com., where it leads on again: names below"
          " it come to no end"]),
        (["old: {DNAME: a.old}"],
         ["6:3: warning: the DNAME of old.example.com. leads to a.old.example.com., where it leads on again: names"
          " below it come to no end"]),
    ],
)  # fmt: skip
def test_what_cannot_stand_with_it_is_told_with_its_place(
    records: list[str], expected: list[str], tmp_path: Path
) -> None:
    assert said(tmp_path, *records) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["old DNAME new"], []),
        (["old TYPE39 \\# 5 036e657700"], []),
        (["old DNAME new", "www.old A 192.0.2.1"], [f"example.com.zone: 'www.old' {BELOW}"]),
        (["old DNAME new", "old DNAME newer"], ["example.com.zone:7:1: a name can have one DNAME only"]),
        (["old CNAME new", "old CNAME newer"], ["example.com.zone:7:1: a name can have one CNAME only"]),
        (["@ SOA ns admin 2 2 3 4 5"], ["example.com.zone:6:1: a name can have one SOA only"]),
        (["old DNAME new", "old DNAME new"], []),  # the same record twice is one
        (["old DNAME new", "old CNAME new"],
         ["example.com.zone:7:1: the name has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)"]),
        (["*.old DNAME new"],
         ["example.com.zone: '*.old' is a wildcard with a DNAME, of which servers make different things (RFC 6672"
          " §3.3); give the DNAME to the name above it, which redirects all that is below"]),
    ],
)  # fmt: skip
def test_in_a_master_file_too(lines: list[str], expected: list[str], tmp_path: Path) -> None:
    assert said_of_master(tmp_path, *lines) == expected


def test_it_is_exported_and_read_back() -> None:
    zone = parse_master(f"{MASTER}old 60 DNAME New\n".encode(), "f", "x")
    (record,) = [each for each in zone.rrsets if each.rtype == 39]
    assert (record.owner, record.ttl) == (parse_name("old.example.com"), 60)
    assert parse_master(write_master(zone, 1).encode(), "f", "x").rrsets == zone.rrsets


def test_a_zone_below_another_one_s_dname_is_a_warning(tmp_path: Path) -> None:
    """RFC 6672 §2.4: the zone answers, but a resolver that has the DNAME never asks it."""
    (tmp_path / "a.zone").write_text(f"{MASTER}old DNAME new\n")
    (tmp_path / "b.zone").write_text(MASTER.replace("example.com.", "kid.old.example.com."))
    assert _told([tmp_path], tmp_path) == [
        f"b.zone: warning: the zone kid.old.example.com. lies below old.example.com., whose DNAME leads all names there"
        f" elsewhere ({tmp_path}/a.zone); remove one of the two (RFC 6672 §2.4)"
    ]
