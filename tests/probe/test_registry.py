"""What may stand in a check: types, keys and their limits."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from geodns.model.check import Probe
from geodns.probe import PROBES, Agent, Dns, Http, Https, Tcp
from geodns.probe.dns import Expected
from geodns.probe.expect import Expect


def read(kind: str, **keys: object) -> Probe:
    """As the config does it: pydantic over the dataclass."""
    adapter: TypeAdapter[Any] = TypeAdapter(PROBES[kind])
    probe: Probe = adapter.validate_python(keys)
    return probe


def test_the_types_stand_in_reading_order() -> None:
    assert {"http": Http, "https": Https, "tcp": Tcp, "dns": Dns, "agent": Agent} == PROBES
    assert list(PROBES) == ["http", "https", "tcp", "dns", "agent"]


@pytest.mark.parametrize(
    ("kind", "keys", "probe"),
    [
        ("http", {}, Http()),
        ("http", {"port": 8080, "path": "/healthz?deep=1"}, Http(port=8080, path="/healthz?deep=1")),
        ("http", {"method": "HEAD"}, Http(method="HEAD")),
        ("http", {"headers": ["X-Probe: 1"]}, Http(headers=("X-Probe: 1",))),
        ("http", {"expect": {"status": ["200-299", 301]}}, Http(expect=Expect(status=("200-299", 301)))),
        ("https", {"host": "www.example.com", "ca": "/etc/ca.pem"}, Https(host="www.example.com", ca="/etc/ca.pem")),
        ("https", {"verify": False}, Https(verify=False)),
        ("tcp", {"port": 25}, Tcp(port=25)),
        ("dns", {"name": "www.example.com"}, Dns(name="www.example.com")),
        (
            "dns",
            {"name": ".", "qtype": "NS", "transport": "tcp", "expect": {"rcode": ["NOERROR", "REFUSED"]}},
            Dns(name=".", qtype="NS", transport="tcp", expect=Expected(rcode=("NOERROR", "REFUSED"))),
        ),
    ],
)
def test_the_keys_of_a_check_are_the_fields_of_its_probe(kind: str, keys: dict[str, object], probe: Probe) -> None:
    assert read(kind, **keys) == probe
    assert hash(read(kind, **keys)) == hash(probe)


@pytest.mark.parametrize(
    ("kind", "keys", "message"),
    [
        ("http", {"port": 0}, "0 is no port; give 1 to 65535"),
        ("tcp", {"port": 65536}, "65536 is no port; give 1 to 65535"),
        ("tcp", {}, "Field required"),
        ("http", {"path": "healthz"}, "'healthz' is no path; write it with a leading slash and without spaces"),
        ("http", {"path": "/a b"}, "'/a b' is no path"),
        ("http", {"path": "/a\r\nHost: b"}, "is no path"),
        ("http", {"path": "/a#b"}, "'/a#b' is no path"),
        ("http", {"host": "http://www"}, "'http://www' is no host; write a name alone"),
        ("https", {"host": "www:443"}, "'www:443' is no host"),
        ("http", {"host": ""}, "'' is no host"),
        ("http", {"headers": ["X-Probe"]}, "'X-Probe' is no header; write 'Name: value'"),
        ("http", {"headers": ["X: a\nY: b"]}, "is no header"),
        ("http", {"headers": ["Host: www"]}, "'Host: www' sets the host by the back door; use the key host"),
        ("http", {"method": "POST"}, "Input should be 'GET' or 'HEAD'"),
        ("http", {"method": "HEAD", "expect": {"body": "ok"}}, "an answer to HEAD has no body; write method: GET"),
        ("http", {"expect": {"status": []}}, "status lists nothing"),
        ("http", {"expect": {"status": ["2xx"]}}, "'2xx' is no status; write 200 or 200-299, from 100 to 599"),
        ("http", {"expect": {"status": [99]}}, "99 is no status"),
        ("http", {"expect": {"status": ["299-200"]}}, "'299-200' runs backwards; write 200-299"),
        ("http", {"expect": {"body": ""}}, "body has 0 characters; give 1 to 1024, or leave it out"),
        ("dns", {}, "Field required"),
        ("dns", {"name": "a..b"}, "'a..b'"),
        ("dns", {"name": "x", "qtype": "AXFR"}, "'AXFR' is no type that can be asked for; write it as A, AAAA"),
        ("dns", {"name": "x", "transport": "quic"}, "Input should be 'udp' or 'tcp'"),
        ("dns", {"name": "x", "expect": {"rcode": []}}, "rcode lists nothing"),
        ("dns", {"name": "x", "expect": {"rcode": ["OK"]}}, "'OK' is no response code; write one of NOERROR, FORMERR"),
        ("dns", {"name": "x", "expect": {"answer": " "}}, "answer is empty; give the data of a record"),
        ("https", {"ca": "ca.pem"}, "ca 'ca.pem' depends on where geodns was started; write the whole path"),
        ("https", {"ca": "/ca.pem", "verify": False}, "ca has no effect with verify: false; take one of them out"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_way_out(kind: str, keys: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(kind, **keys)
    assert message in str(refused.value)
