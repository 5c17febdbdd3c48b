"""Hints put into SVCB and HTTPS data; dnspython reads what comes out."""

from ipaddress import ip_address

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.model.name import parse_name
from geodns.model.place import Address
from geodns.model.service import HTTPS, Service, takes_hints
from tests.values import rrset

ORIGIN = parse_name("example.com")


def data(text: str) -> bytes:
    return rrset("www", "HTTPS", text).rdatas[0]


def shown(rdata: bytes) -> str:
    return dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.HTTPS, rdata, 0, len(rdata)).to_text().replace('"', "")


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("1 .", True),
        ("16 . alpn=h2 port=8443 key65535=x", True),
        ("1 . mandatory=port port=1", True),
        ("0 .", False),  # no such service
        ("0 www", False),
        ("1 www alpn=h2", False),
        ("1 . ipv4hint=192.0.2.1", False),
        ("1 . alpn=h2 ipv6hint=2001:db8::1 key667=x", False),
    ],
)
def test_records_of_the_owner_itself_take_hints_where_they_have_none(text: str, takes: bool) -> None:
    assert takes_hints(data(text)) is takes


def test_they_go_to_their_places_among_the_keys() -> None:
    service = Service(HTTPS, 300, tuple(map(data, ("1 . alpn=h2 ech=AAT+DQBE key667=x", "2 . port=8", "3 other."))))
    ipv4, ipv6 = [ip_address("192.0.2.1"), ip_address("192.0.2.2")], [ip_address("2001:db8::1")]
    assert [shown(rdata) for rdata in service.hinted(ipv4, ipv6)] == [
        "1 . alpn=h2 ipv4hint=192.0.2.1,192.0.2.2 ech=AAT+DQBE ipv6hint=2001:db8::1 key667=x",
        "2 . port=8 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1",
        "3 other.",
    ]
    assert (service.takers, service.hinted([], [])) == (2, service.rdatas)
    assert shown(service.hinted([], ipv6)[1]) == "2 . port=8 ipv6hint=2001:db8::1"


PARAMETERS = ["alpn=h2,h3", "port=443", "ech=AAT+DQBE", "dohpath=/q{?dns}", "key667=x", "key65535", "ohttp"]
ipv4s = st.lists(st.ip_addresses(v=4), max_size=5)
ipv6s = st.lists(st.ip_addresses(v=6), max_size=5)


@given(st.integers(1, 65535), st.lists(st.sampled_from(PARAMETERS), unique=True), ipv4s, ipv6s)
def test_whatever_else_a_record_has_stays(
    priority: int, parameters: list[str], ipv4: list[Address], ipv6: list[Address]
) -> None:
    bare = data(f"{priority} . {' '.join(parameters)}")
    (hinted,) = Service(HTTPS, 300, (bare,)).hinted(ipv4, ipv6)
    hints = [f"ipv4hint={','.join(map(str, ipv4))}"] * bool(ipv4) + [f"ipv6hint={','.join(map(str, ipv6))}"] * bool(
        ipv6
    )
    assert hinted == data(f"{priority} . {' '.join([*parameters, *hints])}")
