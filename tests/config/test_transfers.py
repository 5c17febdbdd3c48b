"""`transfer` and `keys`: who may copy a zone, and by which secrets servers know each other."""

from base64 import b64encode
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from geodns.config.problem import ConfigError
from geodns.config.server import Settings, load_settings
from geodns.config.zones import load
from geodns.model.endpoint import Endpoint
from geodns.model.name import parse_name
from geodns.model.place import Place
from geodns.model.transfer import Allowed, Key, Told, Transfer
from geodns.model.zone import Zone
from tests.config.example import VOCABULARY

SECRET = b64encode(bytes(range(32))).decode()
KEY = Key(name=parse_name("ns2"), algorithm="hmac-sha256", secret=bytes(range(32)))
SERVER = f"keys: {{ns2: {{secret: {SECRET}}}}}\nnetworks: {{office: [198.18.0.0/24, 198.18.2.0/24]}}\n"
STATIC = 'zone: example.com\nrecords: {"@": {NS: [ns1.example.net, ns2.example.net]}}\n'
STEERED = """\
zone: example.com
pools: {eu: {members: {a: {A: 192.0.2.1}}}}
records: {"@": {NS: [ns1.example.net, ns2.example.net]}, www: {pool: eu}}
"""


def settings(folder: Path, text: str) -> Settings:
    (folder / "geodns.yaml").write_text(text)
    return load_settings(folder / "geodns.yaml")


def zone(folder: Path, text: str, server: str = SERVER) -> Zone:
    (folder / "zone.yaml").write_text(text)
    (found,) = load([folder / "zone.yaml"], VOCABULARY, settings(folder, server).acquaintances()).zones
    return found


@pytest.mark.parametrize(
    ("allow", "found"),
    [
        ("192.0.2.1", [Allowed(ip_network("192.0.2.1/32"), None)]),
        ('[192.0.2.0/24, "2001:db8::/32"]', [Allowed(ip_network(n), None) for n in ("192.0.2.0/24", "2001:db8::/32")]),
        ("key ns2", [Allowed(None, KEY)]),
        ("key NS2.", [Allowed(None, KEY)]),
        ("192.0.2.0/24 key ns2", [Allowed(ip_network("192.0.2.0/24"), KEY)]),
        ("office", [Allowed(ip_network(n), None) for n in ("198.18.0.0/24", "198.18.2.0/24")]),
        ("[]", []),
    ],
)
def test_who_may_copy_a_zone_is_told_by_address_and_key(tmp_path: Path, allow: str, found: list[Allowed]) -> None:
    assert zone(tmp_path, f"{STATIC}transfer: {{allow: {allow}}}\n").transfer == Transfer(allow=tuple(found))


@pytest.mark.parametrize(
    ("notify", "found"),
    [
        ("192.0.2.53", Told(Endpoint(ip_address("192.0.2.53"), 53), None)),
        ('"192.0.2.53:5300"', Told(Endpoint(ip_address("192.0.2.53"), 5300), None)),
        ('"2001:db8::53"', Told(Endpoint(ip_address("2001:db8::53"), 53), None)),
        ('"[2001:db8::53]:5300 key ns2"', Told(Endpoint(ip_address("2001:db8::53"), 5300), KEY)),
    ],
)
def test_who_is_told_of_changes_has_an_address(tmp_path: Path, notify: str, found: Told) -> None:
    transfer = zone(tmp_path, f"{STATIC}transfer: {{notify: {notify}}}\n").transfer
    assert transfer is not None
    assert transfer.notify == (found,)


@pytest.mark.parametrize(
    ("policies", "view"),
    [
        ("omit", None),
        ("{place: EU/DE}", Place(continent="EU", country="DE")),
        ("{from: 203.0.113.7}", ip_address("203.0.113.7")),
    ],
)
def test_what_copies_have_in_place_of_policies(tmp_path: Path, policies: str, view: object) -> None:
    transfer = zone(tmp_path, f"{STEERED}transfer: {{allow: key ns2, policies: {policies}}}\n").transfer
    assert transfer == Transfer(allow=(Allowed(None, KEY),), view=view, decided=True)  # type: ignore[arg-type]


def test_what_the_server_says_is_of_zones_that_say_nothing(tmp_path: Path) -> None:
    server = f"{SERVER}transfer: {{allow: key ns2}}\n"
    assert zone(tmp_path, STATIC, server).transfer == Transfer(allow=(Allowed(None, KEY),))
    assert zone(tmp_path, f"{STATIC}transfer: {{}}\n", server).transfer == Transfer()
    (tmp_path / "example.org.zone").write_text(
        "@ 300 IN SOA ns1 host 1 2 3 4 5\n@ 300 IN NS ns1\nns1 300 IN A 192.0.2.1\n"
    )
    known = settings(tmp_path, server).acquaintances()
    (master,) = load([tmp_path / "example.org.zone"], VOCABULARY, known).zones
    assert master.transfer == Transfer(allow=(Allowed(None, KEY),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "transfer: {allow: key ns3}",
            "zone.yaml:3:19: there is no key 'ns3' in geodns.yaml; did you mean 'ns2'?",
        ),
        (
            "transfer: {allow: [192.0.2.1, key]}",
            "zone.yaml:3:31: 'key' is not understood; write an address, a network, key NAME, or both: "
            "192.0.2.0/24 key NAME",
        ),
        ("transfer: {allow: ofice}", "zone.yaml:3:19: there is no network 'ofice'; did you mean 'office'?"),
        (
            "transfer: {notify: key ns2}",
            "zone.yaml:3:20: 'key ns2' is nobody who could be told; write an address, with a port where that is not "
            "53, and key NAME where it is to be signed",
        ),
        (
            "transfer: {policies: {place: EU/DE, from: 192.0.2.1}}",
            "zone.yaml:3:22: a client is told by one of 'place' and 'from'",
        ),
        ("transfer: {policies: none}", "zone.yaml:3:22: 'policies' is 'none'; it has to be omit"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        zone(tmp_path, f"{STATIC}{text}\n")
    assert str(caught.value) == f"{tmp_path}/{said}"


def test_a_zone_with_policies_has_to_say_what_copies_have_in_their_place(tmp_path: Path) -> None:
    said = (
        "example.com. may be copied, and has names that policies answer for; say what copies have in their place: "
        "under 'transfer', policies: {place: EU/DE}, or policies: omit"
    )
    with pytest.raises(ConfigError, match=said.replace("{", "\\{")):
        zone(tmp_path, f"{STEERED}transfer: {{allow: 192.0.2.1}}\n")
    assert zone(tmp_path, f"{STEERED}transfer: {{allow: []}}\n").transfer == Transfer()


STATEMENT = f"""\
key "ns2" {{
\talgorithm hmac-sha512;
\tsecret "{SECRET}";
}};
"""


@pytest.mark.parametrize(
    ("content", "algorithm"), [(f"{SECRET}\n", "hmac-sha256"), (STATEMENT, "hmac-sha512")], ids=["alone", "statement"]
)
def test_a_secret_may_stand_in_a_file(tmp_path: Path, content: str, algorithm: str) -> None:
    (tmp_path / "ns2.key").write_text(content)
    read = settings(tmp_path, "keys: {ns2: {file: ns2.key}}\n")
    assert read.keys == {KEY.name: Key(name=KEY.name, algorithm=algorithm, secret=KEY.secret)}
    assert read.key_files == (tmp_path / "ns2.key",)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("{ns2: {}}", "1:13: key 'ns2' wants one of 'secret' and 'file'"),
        ("{ns2: {secret: '?'}}", "1:13: the secret of key 'ns2' is no base64; make one with: tsig-keygen ns2"),
        ("{ns2: {secret: aGk=}}", "1:13: the secret of key 'ns2' has 2 octets; make one with: tsig-keygen ns2"),
        (
            f"{{ns2: {{algorithm: hmac-md5, secret: {SECRET}}}}}",
            "1:25: hmac-md5 is broken, and must not be used (RFC 8945 §6); use hmac-sha256",
        ),
        (
            f"{{ns2: {{algorithm: hmac-sha265, secret: {SECRET}}}}}",
            "1:25: there is no algorithm 'hmac-sha265'; did you mean 'hmac-sha256'?",
        ),
        (f"{{ns2: {{secret: {SECRET}}}, NS2.: {{secret: {SECRET}}}}}", "1:69: there is a key ns2. already"),
        ("{ns2: {file: gone}}", "1:13: {folder}/gone cannot be read: No such file or directory"),
        ("{ns2: {file: other}}", "1:13: {folder}/other has no statement of this key; it has ns3"),
    ],
)
def test_a_bad_key_is_told_with_its_place(tmp_path: Path, keys: str, said: str) -> None:
    (tmp_path / "other").write_text(STATEMENT.replace("ns2", "ns3"))
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, f"keys: {keys}")
    assert str(caught.value) == f"{tmp_path}/geodns.yaml:{said.replace('{folder}', str(tmp_path))}"


def test_a_secret_is_not_shown() -> None:
    assert "secret" not in repr(KEY)
