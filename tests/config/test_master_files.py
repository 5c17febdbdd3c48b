"""RFC 1035 master files ↔ Zone."""

from dataclasses import replace
from pathlib import Path

import pytest

from geodns.config.master import parse_master, write_master
from geodns.config.problem import ConfigError
from geodns.model.name import parse_name
from geodns.model.zone import RRset
from tests.config.example import GOOD, read

SOA = "@ 3600 IN SOA ns1 admin.example.com. 42 7200 900 1209600 120\n"
NS = "@ 3600 IN NS ns1.example.net.\n"
HEAD = f"$ORIGIN example.com.\n$TTL 300\n{SOA}{NS}"


def test_a_master_file_becomes_a_zone(tmp_path: Path) -> None:
    (tmp_path / "any.zone").write_text(HEAD + 'www A 192.0.2.1\nwww A 192.0.2.2\n*.x 60 TXT "Hi" "there"\n')
    zone = parse_master((tmp_path / "any.zone").read_bytes(), "any.zone", "any")
    assert str(zone) == "example.com."
    assert (zone.soa.serial, zone.soa.ttl, zone.soa.negative_ttl) == (42, 3600, 120)
    assert RRset(parse_name("www.example.com"), 1, 300, (b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02")) in zone.rrsets
    assert RRset(parse_name("*.x.example.com"), 16, 60, (b"\x02Hi\x05there",)) in zone.rrsets


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HEAD, "example.com."),
        (SOA + NS, "file.test."),
        ("Example.ORG. 60 IN SOA a b 1 2 3 4 5\n 60 IN NS a.example.net.\n", "example.org."),
        ("$ORIGIN com.\nexample 60 IN SOA a b 1 2 3 4 5\nexample 60 IN NS a.example.net.\n", "example.com."),
        ("; @ SOA\n@ SOA a b (\n 1 2 3 4 5 )\n NS a.example.net.\n", "file.test."),
    ],
)
def test_the_zones_name_is_the_soas_owner(text: str, name: str) -> None:
    assert str(parse_master(text.encode(), "f", "file.test")) == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "www CNAME a\nwww A 192.0.2.1\n",
         "f:6:1: the name has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)"),
        (HEAD + "www.example.org. A 192.0.2.1\n", "f:5:1: the name lies outside of the zone example.com."),
        (HEAD + "www A 192.0.2.300\n", "f:5:1: this is no record: Text input is malformed."),
        (HEAD + "www X 1\n", "f:5:1: this is no record: unknown rdatatype 'X'"),
        (HEAD + "$INCLUDE other\n", "f:5:1: this is no record: zone file directive '$INCLUDE' is not allowed"),
        ("$ORIGIN example.com.\n$TTL 1\n" + NS, "f: example.com. has no SOA"),
        ("$ORIGIN example.com.\n" + SOA, "f: example.com. has no name servers; give it NS records"),
        ("$ORIGIN a..b.\n", "f: the zone's name cannot be told: A DNS label is empty."),
    ],
)  # fmt: skip
def test_a_broken_master_file_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_master(text.encode(), "f", "example.com")
    assert str(caught.value) == said


def test_a_written_zone_reads_as_the_same_static_zone(tmp_path: Path) -> None:
    zone = read(GOOD, tmp_path)
    (tmp_path / "out.zone").write_text(write_master(zone, 7))
    back = parse_master((tmp_path / "out.zone").read_bytes(), "out.zone", "out")
    assert back.name == zone.name
    assert back.soa == replace(zone.soa, serial=7)
    assert sorted(back.rrsets, key=repr) == sorted(zone.rrsets, key=repr)


def test_a_steered_name_is_left_out_and_noted(tmp_path: Path) -> None:
    lines = write_master(read(GOOD, tmp_path), 7).splitlines()
    assert "; www is left out: the policy 'global' answers for its addresses" in lines
    assert not any(line.startswith("www") for line in lines)


def test_a_serial_of_the_zones_own_is_kept() -> None:
    assert " 42 7200 " in write_master(parse_master(HEAD.encode(), "f", "x"), 7)
