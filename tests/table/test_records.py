"""Records in wire form, with the zone's name cut down to a pointer; decoded by dnspython."""

from struct import pack

import dns.message
import pytest

from geodns.model.name import ROOT, Name, parse_name
from geodns.table.records import Writer
from tests.values import ORIGIN, rrset


def decoded(writer: Writer, records: int) -> list[str]:
    """The records behind a question for the zone itself, pointers completed as `answer` does it."""
    octets = bytearray(writer.octets)
    for at in writer.fixups:
        assert octets[at : at + 2] == b"\xc0\x00"
        octets[at : at + 2] = b"\xc0\x0c"
    message = pack("!6H", 0, 0x8400, 1, records, 0, 0) + writer.zone + pack("!2H", 255, 1) + octets
    return sorted(line for each in dns.message.from_wire(message).answer for line in each.to_text().splitlines())


def written(zone: Name, owner: str | None, rtype: str, *texts: str) -> tuple[Writer, list[str]]:
    writer = Writer(zone)
    records = rrset(owner or "@", rtype, *texts, origin=zone)
    for rdata in records.rdatas:
        writer.record(None if owner is None else records.owner, records.rtype, 300, rdata)
    return writer, decoded(writer, len(texts))


@pytest.mark.parametrize(
    ("owner", "rtype", "text", "shown", "pointers"),
    [
        (None, "A", "192.0.2.1", "example.com. 300 IN A 192.0.2.1", 0),
        (None, "NS", "ns1", "example.com. 300 IN NS ns1.example.com.", 1),
        (None, "NS", "@", "example.com. 300 IN NS example.com.", 1),
        (None, "NS", "ns.example.net.", "example.com. 300 IN NS ns.example.net.", 0),
        (None, "NS", "ns.badexample.com.", "example.com. 300 IN NS ns.badexample.com.", 0),
        # Its octets end like the zone's name, but in the middle of a label.
        (None, "NS", r"x\007example.com.", r"example.com. 300 IN NS x\007example.com.", 0),
        (None, "NS", "com.", "example.com. 300 IN NS com.", 0),
        (None, "NS", ".", "example.com. 300 IN NS .", 0),
        (None, "MX", "10 mail", "example.com. 300 IN MX 10 mail.example.com.", 1),
        (None, "MX", "0 .", "example.com. 300 IN MX 0 .", 0),
        (None, "PTR", "host", "example.com. 300 IN PTR host.example.com.", 1),
        (None, "NS", "NS1.Example.COM.", "example.com. 300 IN NS NS1.example.com.", 1),
        # RFC 3597 §4: names in newer types are never compressed; a CNAME's is left whole for the chain behind it.
        (None, "SRV", "0 5 80 www", "example.com. 300 IN SRV 0 5 80 www.example.com.", 0),
        (None, "CNAME", "www", "example.com. 300 IN CNAME www.example.com.", 0),
        ("www", "A", "192.0.2.1", "www.example.com. 300 IN A 192.0.2.1", 1),
        ("a.b", "NS", "ns.a.b", "a.b.example.com. 300 IN NS ns.a.b.example.com.", 2),
        ("glue.example.net.", "A", "192.0.2.1", "glue.example.net. 300 IN A 192.0.2.1", 0),
        ("@", "SOA", "ns1 h 1 2 3 4 5", "example.com. 300 IN SOA ns1.example.com. h.example.com. 1 2 3 4 5", 3),
        (None, "TYPE65280", r"\# 4 0A000001", r"example.com. 300 IN TYPE65280 \# 4 0a000001", 0),
    ],
)  # fmt: skip
def test_a_record_comes_out_as_it_was_written(
    owner: str | None, rtype: str, text: str, shown: str, pointers: int
) -> None:
    writer, lines = written(ORIGIN, owner, rtype, text)
    assert [line.lower() for line in lines] == [shown.lower()]
    assert len(writer.fixups) == pointers


def test_several_records_stand_behind_each_other() -> None:
    _, lines = written(ORIGIN, None, "MX", "10 a", "20 b", "30 mx.example.net.")
    assert [line.split(" MX ")[1] for line in lines] == ["10 a.example.com.", "20 b.example.com.", "30 mx.example.net."]


@pytest.mark.parametrize("zone", [ROOT, parse_name("com."), parse_name("a.very.deep.zone.example.net.")])
def test_zones_of_any_depth_are_compressed_or_left_whole(zone: Name) -> None:
    _, lines = written(zone, "www", "NS", "ns1.example.com.")
    assert lines[0].endswith(" IN NS ns1.example.com.")


def test_names_of_255_octets_are_written() -> None:
    label = "x" * 63
    longest = ".".join([label] * 3 + ["y" * 49]) + ".example.com."
    assert len(parse_name(longest)) == 255
    _, lines = written(ORIGIN, longest, "NS", longest)
    assert lines == [f"{longest} 300 IN NS {longest}"]
