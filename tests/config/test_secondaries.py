"""Zones that come from other servers, as geodns.yaml names them."""

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from geodns.config.problem import ConfigError
from geodns.config.server import Settings, load_settings
from geodns.model.endpoint import Endpoint
from geodns.model.name import parse_name
from geodns.model.transfer import Allowed, Told, Transfer

KEYS = "keys: {copies: {secret: c2VjcmV0IG9mIHR3byBzZXJ2ZXJz}}\n"


def settings(text: str, folder: Path) -> Settings:
    (folder / "geodns.yaml").write_text(text)
    return load_settings(folder / "geodns.yaml")


def test_a_secondary_has_primaries_and_a_key(tmp_path: Path) -> None:
    written = 'secondaries: {example.org: {primaries: [192.0.2.1, "[2001:db8::1]:5353"], key: copies}}\n'
    (found,) = settings(KEYS + written, tmp_path).secondaries
    assert found.zone == parse_name("example.org.")
    assert list(map(str, found.primaries)) == ["192.0.2.1:53", "[2001:db8::1]:5353"]
    assert found.key is not None
    assert (str(found.key), found.key.algorithm, found.key.secret) == (
        "copies.",
        "hmac-sha256",
        b"secret of two servers",
    )


def test_a_secondary_may_go_further(tmp_path: Path) -> None:
    written = (
        "networks: {office: 192.0.2.0/24}\n"
        "transfer: {allow: 192.0.2.9}\n"
        "secondaries:\n"
        "  example.org: {primaries: 192.0.2.1, transfer: {allow: office key copies, notify: 192.0.2.7 key copies}}\n"
        "  example.net: {primaries: 192.0.2.1}\n"
        "  example.edu: {primaries: 192.0.2.1, transfer: {}}\n"
    )
    found = settings(KEYS + written, tmp_path)
    (key,) = found.keys.values()
    org, net, edu = (each.transfer for each in found.secondaries)
    assert org == Transfer(
        allow=(Allowed(ip_network("192.0.2.0/24"), key),), notify=(Told(Endpoint(ip_address("192.0.2.7"), 53), key),)
    )
    assert net == found.transfer == Transfer(allow=(Allowed(ip_network("192.0.2.9/32"), None),))
    assert edu == Transfer()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "example.org: {primaries: 192.0.2.1, transfer: {allow: key copis}}",
            "there is no key 'copis' in geodns.yaml; did you mean 'copies'?",
        ),
        (
            "example.org: {primaries: 192.0.2.1, transfer: {policies: omit}}",
            "a zone that is copied from elsewhere has no policies, and goes further as it came; leave this out",
        ),
        (
            "example.org: {primaries: 192.0.2.1, key: copis}",
            "there is no key 'copis' in geodns.yaml; did you mean 'copies'?",
        ),
        (
            "example.org: {primaries: ns1}",
            "'ns1' is no server; write 192.0.2.1 or 2001:db8::1, or with a port [::1]:5353",
        ),
        ('"*.org": {primaries: 192.0.2.1}', "'*.org' is no name of a zone, such as example.org"),
        ("a..b: {primaries: 192.0.2.1}", "'a..b' has an empty label"),
        (
            "example.org: {primaries: 192.0.2.1}, EXAMPLE.org.: {primaries: 192.0.2.1}",
            "the zone example.org. stands here already",
        ),
    ],
)
def test_what_is_wrong_is_told(entry: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(f"{KEYS}secondaries: {{{entry}}}\n", tmp_path)
    assert [problem.message for problem in caught.value.problems] == [said]
