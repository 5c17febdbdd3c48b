"""SVCB and HTTPS in zone files: RFC 9460's own vectors, every parameter, and hints that are turned off."""

from pathlib import Path

import dns.rdata
import dns.rdataclass
import pytest

from geodns.cli.main import main
from geodns.config.master import parse_master, write_master
from geodns.config.problem import ConfigError
from geodns.config.rdata import RdataReader, parse_type
from geodns.model.name import parse_name
from geodns.model.zone import RRset
from tests.config.example import changed, problems, read
from tests.rfc9460 import FAILURES, VECTORS

ORIGIN = parse_name("example.com")
MASTER = "$ORIGIN example.com.\n@ 300 IN SOA ns1 admin 1 2 3 4 5\n@ 300 IN NS ns1.example.net.\n"
TXT = "txt:   {TXT: v=spf1 -all}"
EXAMPLE = {"SVCB": "1 . alpn=h2", "HTTPS": "1 . alpn=h2,h3"}
BOTH = ["SVCB", "HTTPS"]


def quoted(text: str) -> str:
    return f"'{text}'"


def yaml(rtype: str, text: str) -> str:
    return changed(TXT, f"svc: {{{rtype}: {quoted(text)}}}\n  {TXT}")


@pytest.mark.parametrize(("shows", "rtype", "text", "octets"), VECTORS, ids=[shows for shows, *_ in VECTORS])
class TestVectors:
    """Of appendix D.1 and D.2, for HTTPS as for SVCB, since both have the same data."""

    def wanted(self, rtype: str, octets: str, ttl: int = 300) -> RRset:
        return RRset(parse_name("svc", ORIGIN), int(parse_type(rtype)), ttl, (bytes.fromhex(octets),))

    @pytest.mark.parametrize("kind", BOTH)
    def test_in_yaml(self, shows: str, rtype: str, text: str, octets: str, kind: str, tmp_path: Path) -> None:
        assert self.wanted(kind, octets) in read(yaml(kind, text), tmp_path).rrsets

    @pytest.mark.parametrize("kind", BOTH)
    def test_in_a_master_file(self, shows: str, rtype: str, text: str, octets: str, kind: str) -> None:
        zone = parse_master(f"{MASTER}svc 60 IN {kind} {text}\n".encode(), "f.zone", "example.com")
        assert self.wanted(kind, octets, 60) in zone.rrsets
        again = parse_master(write_master(zone, 1).encode(), "f.zone", "example.com")
        assert self.wanted(kind, octets, 60) in again.rrsets

    def test_as_octets(self, shows: str, rtype: str, text: str, octets: str) -> None:
        """RFC 3597 §5."""
        written = f"\\# {len(octets) // 2} {octets}"
        assert RdataReader(ORIGIN).wire(parse_type(rtype), written).hex() == octets


@pytest.mark.parametrize("rtype", BOTH)
@pytest.mark.parametrize(("text", "said"), FAILURES)
def test_the_failure_cases_are_refused_at_their_places(text: str, said: str, rtype: str, tmp_path: Path) -> None:
    """Appendix D.3."""
    message = f"'{text}' is no {rtype} data: {said}; such as {EXAMPLE[rtype]}"
    assert problems(yaml(rtype, text), tmp_path) == [f"49:{11 + len(rtype)}: {message}"]
    with pytest.raises(ConfigError) as caught:
        parse_master(f"{MASTER}svc 60 IN {rtype} {text}\n".encode(), "f.zone", "example.com")
    assert str(caught.value) == f"f.zone:4:1: this is no record: {said.rpartition(': ')[2]}"


def test_check_tells_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "zone.yaml"
    for text, said in FAILURES:
        records = f'{{"@": {{NS: [ns1.example.net., ns2.example.net.]}}, svc: {{SVCB: {quoted(text)}}}}}'
        file.write_text(f"zone: example.com\nrecords: {records}\n")
        assert main(["check", str(file)]) == 1
        assert f"{file}:2:72: '{text}' is no SVCB data: {said}" in capsys.readouterr().out


PARAMETERS = [
    ("alpn=h2,h3 no-default-alpn", "000100060268320268330002 0000"),
    ("port=8443", "0003000220fb"),
    ("ipv4hint=192.0.2.1,192.0.2.2", "00040008c0000201c0000202"),
    ("ech=AAT+DQBE", "000500060004fe0d0044"),
    ("ipv6hint=2001:db8::1", "0006001020010db8000000000000000000000001"),
    ("alpn=h2 dohpath=/dns-query{?dns}", "0001000302683200 0700102f646e732d71756572797b3f646e737d"),  # RFC 9461 §5
    ("key65535=x", "ffff000178"),
    ("mandatory=alpn alpn=h2", "0000000200010001000302 6832"),
]


@pytest.mark.parametrize("rtype", BOTH)
@pytest.mark.parametrize(("text", "octets"), PARAMETERS)
def test_every_parameter_has_a_name(text: str, octets: str, rtype: str) -> None:
    kind = parse_type(rtype)
    wire = RdataReader(ORIGIN).wire(kind, f"1 . {text}")
    assert wire == bytes.fromhex("000100" + octets.replace(" ", ""))
    judged = dns.rdata.from_wire(dns.rdataclass.IN, rtype, wire, 0, len(wire))
    assert sorted(judged.to_text().replace('"', "").split()[2:]) == sorted(text.split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 . ech=!!", "ech: Only base64 data is allowed"),
        ("1 . port=99999", "port: not a uint16"),
        ("1 . alpn=h2 prot=443", "prot: Unknown SVCB ParamKey"),
        ("1 . no-default-alpn", "no-default-alpn present, but alpn missing"),
        ("0 . alpn=h2", "parameters in AliasMode"),
        ("1 . dohpath= alpn=h2", "dohpath: whitespace after ="),
    ],
)
def test_what_is_wrong_with_a_parameter_is_told_by_its_name(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="is no HTTPS data") as caught:
        RdataReader(ORIGIN).wire(parse_type("HTTPS"), text)
    assert str(caught.value) == f"'{text}' is no HTTPS data: {said}; such as 1 . alpn=h2,h3"


def test_targets_without_a_final_dot_are_the_zone_s_and_the_apex_may_be_an_alias(tmp_path: Path) -> None:
    zone = read(changed('{NS: [ns1, ns2], MX: ["10 mail"]', '{NS: [ns1, ns2], HTTPS: "0 pool"'), tmp_path)
    assert RRset(ORIGIN, 65, 300, (b"\0\0\4pool" + ORIGIN,)) in zone.rrsets


WWW = "www:   {policy: global}"


@pytest.mark.parametrize(
    ("written", "hints"),
    [
        ('"1 ."', True),
        ('{data: "1 ."}', True),
        ('{data: "1 .", hints: true}', True),
        ('{data: "1 .", hints: false}', False),
        ('{ttl: 5m, data: ["1 ."], hints: false}', False),
    ],
)
@pytest.mark.parametrize("rtype", [*BOTH, "TYPE64", "TYPE65"])
def test_hints_are_there_unless_they_are_turned_off(written: str, hints: bool, rtype: str, tmp_path: Path) -> None:
    zone = read(changed(WWW, f"www: {{policy: global, {rtype}: {written}}}"), tmp_path)
    assert RRset(parse_name("www", ORIGIN), int(parse_type(rtype)), 300, (b"\0\1\0",), hints) in zone.rrsets


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            WWW,
            'www: {policy: global, HTTPS: {data: "1 .", hints: no}}',
            "43:53: 'hints' wants true or false; found 'no'",
        ),
        (WWW, 'www: {policy: global, HTTPS: {data: "1 .", hints: 1}}', "43:53: 'hints' wants true or false; found 1"),
        (WWW, 'www: {policy: global, HTTPS: {data: "1 .", hints: [no]}}', "43:53: 'hints' wants true or false"),
        (
            WWW,
            'www: {policy: global, HTTPS: {data: "1 .", hint: no}}',
            "43:46: unknown key 'hint'; did you mean 'hints'?",
        ),
        (WWW, "www: {policy: global, TXT: {data: a, hints: false}}", "43:40: unknown key 'hints'; known: data, ttl"),
        (
            TXT,
            'txt: {HTTPS: {data: "1 .", hints: false}}',
            "49:30: 'hints' is for names with a policy or pool, whose addresses hints are; leave it out",
        ),
    ],
)
def test_what_is_wrong_with_the_key_is_told(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert problems(changed(old, new), tmp_path) == [said]


def test_beside_a_policy_that_answers_with_a_cname_they_have_no_place(tmp_path: Path) -> None:
    cdn = "  cdn: {members: {d1: {CNAME: d1.cdn.example.net.}}}\n"
    text = changed(WWW, 'www: {pool: cdn, HTTPS: "1 . alpn=h2"}').replace("pools:\n", f"pools:\n{cdn}", 1)
    (said,) = [each for each in problems(text, tmp_path) if "warning" not in each]
    assert said.startswith("44:3: 'www' has records of its own, and a CNAME for clients of pool 'cdn'")


@pytest.mark.parametrize("rtype", BOTH)
def test_an_alias_among_other_records_is_warned_of(rtype: str, tmp_path: Path) -> None:
    text = changed(TXT, f'txt: {{{rtype}: ["0 www", "1 . alpn=h2"]}}')
    said = f"of the {rtype} records of txt.example.com., one is an alias (priority 0), so clients ignore the others"
    assert problems(text, tmp_path) == [f"49:3: warning: {said} (RFC 9460 §2.4.1)"]
    assert problems(changed(TXT, f'txt: {{{rtype}: ["0 www", "0 old"]}}'), tmp_path) == []
