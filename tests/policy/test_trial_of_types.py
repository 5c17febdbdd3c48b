"""A zone's own tests of types that are no addresses: records, codes, and the pools whose addresses are hints."""

from collections.abc import Sequence
from dataclasses import replace

import dns.rdatatype
import pytest

from geodns.model.name import parse_name
from geodns.model.pool import PoolName
from geodns.model.zone import Expectation, ExpectedShare, Zone
from geodns.policy.trial import failures
from tests.values import HERE, ORIGIN, alias, atlas, check, member, place, policy, pool, rrset, rule, zone

SERVICES = rrset("www", "HTTPS", "1 . alpn=h2,h3", "2 svc.example.net. port=8443")
ZONE = zone(
    rrset("@", "NS", "ns1", "ns2"),
    rrset("@", "MX", "10 Mail", "20 mx.example.net."),
    rrset("@", "CAA", '0 issue "ca.example.net"'),
    rrset("txt", "TXT", '"v=spf1 -all"', '"Second"'),
    rrset("odd", "TYPE65280", "\\# 4 0a000001"),
    rrset("alias", "CNAME", "Txt"),
    rrset("to-www", "CNAME", "www"),
    rrset("moved", "DNAME", "new.example.net."),
    rrset("cut", "NS", "ns.cut"),
    rrset("cut", "DS", f"60485 8 2 {'D4' * 32}"),
    rrset("many", "A", *(f"192.0.2.{octet}" for octet in range(1, 12))),
    SERVICES,
    rrset("www", "TXT", '"of www"'),
    replace(rrset("bare", "HTTPS", "1 . alpn=h2"), hints=False),
    steered={"www": "global", "bare": "global", "cdn": "cdn"},
    pools=[
        pool("eu", member("fra1", "192.0.2.10", "2001:db8:1::10"), member("fra2", "192.0.2.11"), check=check()),
        pool("us", member("iad1", "198.51.100.10")),
        pool("far", alias("d123", "d123.cdn.example.net.")),
    ],
    policies=[
        policy(rule(country=["KP"]), rule("eu", "us", continent=["EU"]), rule("us")),
        policy(rule("us", country=["US"]), rule("far"), name="cdn"),
    ],
)


def told(
    name: str,
    rtype: str,
    *records: str,
    expect: str | Sequence[str] = (),
    shares: Sequence[ExpectedShare] = (),
    where: str | None = None,
    down: Sequence[str] = (),
    zone: Zone = ZONE,
) -> list[str]:
    """What is said of one row; nothing where it comes out as expected."""
    test = Expectation(
        owner=parse_name(name, ORIGIN),
        rtype=dns.rdatatype.from_text(rtype),
        place=place(where) if where else None,
        down=frozenset(down),
        expect=(expect,) if isinstance(expect, str) else tuple(expect),
        shares=tuple(shares),
        records=rrset(name, rtype, *records).rdatas if records else (),
        source=HERE,
    )
    return [str(failure) for failure in failures(replace(zone, tests=(test,)), atlas().place_of)]


@pytest.mark.parametrize(
    ("name", "rtype", "records"),
    [
        pytest.param("@", "MX", ["20 mx.example.net.", "10 mail"], id="in any order, and names in any case"),
        pytest.param("@", "MX", ["10 MAIL.example.COM.", "20 MX.example.net."], id="with names in full"),
        pytest.param("@", "NS", ["ns1", "ns2"], id="NS"),
        pytest.param("@", "CAA", ['0 issue "ca.example.net"'], id="CAA"),
        pytest.param("txt", "TXT", ['"Second"', '"v=spf1 -all"'], id="TXT"),
        pytest.param("odd", "TYPE65280", ["\\# 4 0A000001"], id="a type without a name"),
        pytest.param("alias", "TXT", ['"v=spf1 -all"', '"Second"'], id="at the end of an alias"),
        pytest.param("alias", "CNAME", ["txt"], id="the alias itself"),
        pytest.param("a.moved", "CNAME", ["a.new.example.net."], id="what is made of a DNAME"),
        pytest.param("moved", "DNAME", ["new.example.net."], id="the DNAME itself"),
        pytest.param("cut", "DS", [f"60485 8 2 {'d4' * 32}"], id="what the parent says of a delegation"),
        pytest.param("cut", "NS", ["ns.cut"], id="of a referral"),
        pytest.param("www", "TXT", ['"of www"'], id="beside a policy"),
        pytest.param("www", "HTTPS", ["2 svc.example.net. port=8443", "1 . alpn=h2,h3"], id="hints apart"),
        pytest.param("bare", "HTTPS", ["1 . alpn=h2"], id="that take no hints"),
    ],
)
def test_records_are_these_and_no_others(name: str, rtype: str, records: list[str]) -> None:
    assert told(name, rtype, *records) == []
    assert told(name, rtype, *records, expect="NOERROR", where="EU/FR") == []
    assert len(told(name, rtype, *records, expect="NODATA", where="EU/FR")) == 1
    if len(records) > 1:
        assert len(told(name, rtype, records[0])) == 1


def test_text_is_compared_with_its_case() -> None:
    assert len(told("txt", "TXT", '"v=spf1 -all"', '"second"')) == 1


def test_records_that_come_are_told_with_those_that_should() -> None:
    assert told("@", "MX", "10 mail", "30 mx2") == [
        "test failed: @ MX gives NOERROR (10 Mail.example.com., 20 mx.example.net.), "
        "expected 10 mail.example.com. and 30 mx2.example.com.; mend the records, or the test"
    ]
    assert told("nowhere", "TXT", '"here"') == [
        'test failed: nowhere TXT gives NXDOMAIN, expected "here"; mend the records, or the test'
    ]
    assert told("txt", "MX", "10 mail", expect=["NODATA"]) == [
        "test failed: txt MX gives NODATA, expected NODATA with 10 mail.example.com.; mend the records, or the test"
    ]


def test_of_many_records_some_are_told() -> None:
    (said,) = told("many", "A", "192.0.2.1")
    assert "NOERROR (192.0.2.1, 192.0.2.2, " in said
    assert "192.0.2.8, 3 more), expected 192.0.2.1;" in said


@pytest.mark.parametrize(
    ("name", "rtype", "code"),
    [
        ("@", "SOA", "NOERROR"),
        ("txt", "SOA", "NODATA"),
        ("txt", "CAA", "NODATA"),
        ("nowhere", "CAA", "NXDOMAIN"),
        ("www", "MX", "NODATA"),
        ("cut", "NS", "NOERROR"),
        ("cut", "HTTPS", "NOERROR"),
        ("www.example.net.", "TXT", "REFUSED"),
    ],
)
def test_a_code_can_be_expected_of_any_type(name: str, rtype: str, code: str) -> None:
    assert told(name, rtype, expect=code) == []
    (said,) = told(name, rtype, expect="YXDOMAIN")
    assert said.endswith(", expected YXDOMAIN; mend the records, or the test")


@pytest.mark.parametrize(
    ("where", "down", "expect"),
    [
        pytest.param("EU/FR", [], "eu", id="the pool that answers for A and AAAA"),
        pytest.param("EU/FR", [], "eu/fra2", id="a member of it"),
        pytest.param("EU/FR", ["eu"], "us", id="the next where it is down"),
        pytest.param("EU/FR", ["eu/fra1"], "eu/fra2", id="the members that are left"),
        pytest.param("NA/US", [], "us", id="by place"),
        pytest.param("AS/KP", [], "NOERROR", id="records without hints where there is no address"),
    ],
)
def test_the_pool_whose_addresses_are_hints_can_be_expected(where: str, down: list[str], expect: str) -> None:
    assert told("www", "HTTPS", expect=expect, where=where, down=down) == []
    both = ("1 . alpn=h2,h3", "2 svc.example.net. port=8443")
    assert told("to-www", "HTTPS", *both, expect=expect, where=where, down=down) == []
    assert len(told("www", "HTTPS", expect="far", where=where, down=down)) == 1
    assert len(told("www", "HTTPS", expect="NODATA", where=where, down=down)) == 1


def test_shares_of_hints_can_be_expected() -> None:
    eu = ExpectedShare(PoolName("eu"), 100, 100)
    assert told("www", "HTTPS", shares=[eu], where="EU/FR") == []
    (said,) = told("www", "HTTPS", shares=[eu], where="NA/US")
    assert "gives us 100% (healthy), expected eu 100%; mend" in said


def test_records_without_hints_are_told_with_their_ground() -> None:
    (said,) = told("www", "HTTPS", expect="eu", where="AS/KP")
    assert said.startswith(
        "test failed: www HTTPS from AS/KP gives records without hints (the rule names no pool), expected eu; mend"
    )
    assert "geodns explain www.example.com. HTTPS --place AS/KP --zones" in said


def test_a_pool_that_is_expected_of_what_is_the_same_for_everybody_is_told() -> None:
    (said,) = told("www", "TXT", expect="eu", where="EU/FR")
    assert said == (
        "test failed: www TXT from EU/FR gives no pool's answer, for it is the same for everybody: "
        'NOERROR ("of www"), '
        "expected eu; expect its records or a code, or give the name a policy or pool"
    )


def test_records_that_a_policy_draws_are_for_its_pools() -> None:
    (said,) = told("www", "A", "192.0.2.10", where="EU/FR")
    assert said == (
        "test failed: www A from EU/FR gives what policy 'global' draws, expected 192.0.2.10; "
        "expect the pool that it draws from, or a member of it"
    )


@pytest.mark.parametrize("rtype", ["CNAME", "TXT", "HTTPS"])
def test_a_cname_that_a_policy_answers_with_is_its_pool_s_for_every_type(rtype: str) -> None:
    assert told("cdn", rtype, expect="far/d123", where="EU/FR") == []
    assert told("cdn", rtype, expect="NODATA", where="NA/US") == []
    (said,) = told("cdn", rtype, expect="us", where="NA/US")
    assert "gives NODATA (us has no CNAME), expected us; mend" in said
