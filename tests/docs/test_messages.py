"""The messages on the pages are those that geodns gives, word by word, and each is here with what brings it about."""

from pathlib import Path

import pytest

from geodns.config.problem import ConfigError
from geodns.config.server import load_settings
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from tests.docs.loading import said_of_zone
from tests.docs.pages import rows, yaml_blocks

ZONE = next(block.text for block in yaml_blocks() if block.page == "docs/zones.md")

# The zone of the page with one thing changed, and what is said of it.
OF_ZONES = [
    ("zone: example.com", "# no zone", "the key 'zone' is missing"),
    ('"*.dev":', "*.dev:", "this is no YAML: …"),  # the rest are the YAML parser's words
    ('"@":', "@:", "this is no YAML: …"),
    ("ttl: 5m\n", "ttl: 5m\nttl: 1h\n", "the key 'ttl' stands here a second time; the first is in line 2"),
    ("pools: [us]}", "pools: [use]}", "there is no pool 'use'; did you mean 'us'?"),
    ("office]", "ofice]", "there is no network 'ofice'; did you mean 'office'?"),
    (
        "      - {pools: {nearest: [eu, us]}} # everybody else\n",
        "",
        "policy 'global' has no rule for everybody; end it with one without conditions, {pools: [...]}",
    ),
    ("{country: KP, pools: []}", "{pools: []}", "this rule is never reached: the one in line 36 fits everybody"),
    (
        "{continent: [EU, AF], pools: [eu, us]}",
        "{country: [DE, FR], pools: [eu, us]}",
        "DE never comes to this rule: the one in line 34 fits it already",
    ),
    (
        "{country: KP, pools: []}",
        "{country: UK, pools: []}",
        "there is no country 'UK' in ISO 3166, so nobody is found there; did you mean 'GB'?",
    ),
    (
        "shop: {CNAME: www}",
        "shop: {CNAME: www, A: 192.0.2.1}",
        "'shop' has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)",
    ),
    (
        "shop: {CNAME: www}",
        "www.old: {A: 192.0.2.1}\n  old: {DNAME: new}",
        "'www.old' is below 'old', whose DNAME leads all names there to new.example.com., so it would never be answered"
        " (RFC 6672 §2.4); move it there, or remove one of the two",
    ),
    (
        "down: eu, expect: us}",
        "down: eu, expect: eu}",
        "test failed: www A from EU/FR with eu down gives us (iad1; healthy), expected eu; mend the zone, or the test; "
        "geodns explain …",
    ),
]

OF_SERVERS = [
    ("listn: 127.0.0.1:53", "unknown key 'listn'; did you mean 'listen'?"),
    ("listen: 127.0.0.1", "'127.0.0.1' is no address with a port; write 127.0.0.1:5300 or [::1]:5300"),
    ("geo: {city: a, country: b}", "'city' is named already; give one of city, country and enterprise"),
    ("networks: {x: 10.0.0.1/8}", "'10.0.0.1/8' has bits set past its prefix length; did you mean 10.0.0.0/8?"),
    (
        "rate_limit: {responses: 100, total: 50}",
        "a total of 50 is less than the 100 responses of one kind; make it more",
    ),
    ("listen_tls: 127.0.0.1:853", "listen_tls needs a certificate: tls: {certificate: FILE, key: FILE}"),
    (
        "listen_https: 127.0.0.1:5300\ntls: {certificate: a, key: b}",
        "127.0.0.1:5300 stands under listen too; what is encrypted needs a port of its own",
    ),
    ("https_path: dns-query", "'dns-query' is no path of a URL; write one such as /dns-query"),
    ("cookies: yes", "'cookies' is 'yes'; it has to be on, off or required"),
    ("identity: ''", "this cannot be told; write 1 to 128 printable ASCII characters"),
    ("watch: no", "'watch' wants true or false; found 'no'"),
]
OF_TRANSFERS = [
    (
        "allow: [key secondary, 192.0.2.0/24]",
        "allow: key secondry",
        "there is no key 'secondry' in geodns.yaml; did you mean 'secondary'?",
    ),
    (
        "  policies: {place: EU/DE}\n",
        "",
        "example.com. may be copied, and has names that policies answer for; say what copies have in their place: "
        "under 'transfer', policies: {place: EU/DE}, or policies: omit",
    ),
    (
        "allow: [key secondary, 192.0.2.0/24]",
        "allow: [key]",
        "'key' is not understood; write an address, a network, key NAME, or both: 192.0.2.0/24 key NAME",
    ),
]
OF_KEYS = [
    (
        "keys: {secondary: {algorithm: hmac-md5, secret: AAECAwQFBgcICQoLDA0ODw==}}",
        "hmac-md5 is broken, and must not be used (RFC 8945 §6); use hmac-sha256",
    )
]

NO_ZONES = "there is no zone file in this folder (*.yaml, *.yml, *.zone)"
TWICE = "the zone example.com. is in zones/a.yaml already"


@pytest.mark.parametrize(("old", "new", "message"), OF_ZONES, ids=lambda value: value[:20])
def test_a_mistake_in_a_zone_is_told_as_the_page_says(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert ZONE.count(old) == 1, f"{old!r} stands {ZONE.count(old)} times in the page's zone"
    said = said_of_zone(ZONE.replace(old, new), tmp_path)
    assert any(each.startswith(message[:-1]) for each in said) if message.endswith("…") else message in said


@pytest.mark.parametrize(("old", "new", "message"), OF_TRANSFERS, ids=lambda value: value[:20])
def test_a_mistake_in_a_transfer_is_told_as_its_page_says(old: str, new: str, message: str, tmp_path: Path) -> None:
    transfer = next(block.text for block in yaml_blocks() if block.text.startswith("transfer:"))
    assert transfer.count(old) == 1
    assert message in said_of_zone(ZONE + transfer.replace(old, new), tmp_path)


@pytest.mark.parametrize(("text", "message"), OF_SERVERS + OF_KEYS, ids=lambda value: value[:20])
def test_a_mistake_in_the_server_file_is_told_as_the_page_says(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "geodns.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path / "geodns.yaml")
    assert [problem.message for problem in caught.value.problems] == [message]


def test_a_folder_without_zones_and_a_zone_in_two_files_are_told_as_the_page_says(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load([tmp_path], VOCABULARY)
    assert [problem.message for problem in caught.value.problems] == [NO_ZONES]
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text('zone: example.com\nrecords: {"@": {NS: [ns1.example.net., ns2.example.net.]}}\n')
    with pytest.raises(ConfigError) as caught:
        load([tmp_path], VOCABULARY)
    assert [problem.message.replace(str(tmp_path), "zones") for problem in caught.value.problems] == [TWICE]


OF_ALIASES = [
    (
        "ALIAS: www}",
        "ALIAS: gone}",
        "the ALIAS of example.com. cannot be followed: gone.example.com. is not in the zone;"
        " add it, or end the name with a dot if it is a whole one",
    ),
    (
        "ALIAS: www}",
        "ALIAS: www, A: 192.0.2.1}",
        "'@' has an ALIAS, from which its addresses come; leave its A out, or the ALIAS",
    ),
    ("ALIAS: www}", "ANAME: www}", "ANAME is called ALIAS here; write ALIAS, with the name that it leads to"),
]
ALIASES = next(block.text for block in yaml_blocks() if block.page == "docs/alias.md")


@pytest.mark.parametrize(("old", "new", "message"), OF_ALIASES, ids=lambda value: value[:20])
def test_an_alias_that_leads_nowhere_is_told_as_the_page_says(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert message in said_of_zone(ALIASES.replace(old, new, 1), tmp_path)


def test_the_pages_have_no_other_messages() -> None:
    said = {cell for cell in rows("docs/alias.md", "To see how it goes") if cell not in ("Message",)}
    assert said == {message for *_, message in OF_ALIASES}
    assert set(rows("docs/zones.md", "Messages")) == {message for *_, message in OF_ZONES}
    assert set(rows("docs/transfers.md", "Messages")) == {message for *_, message in (*OF_TRANSFERS, *OF_KEYS)}
    assert set(rows("docs/server.md", "Messages")) == {*(message for _, message in OF_SERVERS), NO_ZONES, TWICE}
