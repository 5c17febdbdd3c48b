"""geodns.yaml → Settings."""

from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path

import pytest

from geodns.config.problem import ConfigError
from geodns.config.server import AdminSettings, GeoPaths, Settings, load_settings
from geodns.model.endpoint import Endpoint
from geodns.model.rate_limit import RateLimit

FULL = """\
listen: [127.0.0.1:5301, "[::1]:5301"]
workers: 0
zones: [zones, /srv/zones]
state: state
geo: {city: City.mmdb, asn: ASN.mmdb}
networks: {office: [203.0.113.0/24], home: 198.51.100.7}
admin: {listen: off, tokens: tokens.yaml, hosts: geodns.example.com}
watch: false
tcp_idle: 1m
tcp_clients: 10
tcp_clients_each: 5
listen_tls: 127.0.0.1:853
listen_https: [127.0.0.1:443, "[::1]:443"]
https_path: /ask
tls: {certificate: cert.pem, key: /srv/key.pem}
fronts: 2
isolation: false
log_level: debug
"""


def settings(text: str, folder: Path) -> Settings:
    (folder / "geodns.yaml").write_text(text)
    return load_settings(folder / "geodns.yaml")


def test_without_a_file_all_has_a_default() -> None:
    assert load_settings(None) == Settings()
    assert [str(endpoint) for endpoint in Settings().listen] == ["127.0.0.1:5300"]
    assert str(Settings().admin.listen) == "127.0.0.1:8053"


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert settings("", tmp_path) == Settings()


def test_everything_may_be_set_and_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    read = settings(FULL, tmp_path)
    assert read.listen[0] == Endpoint(IPv4Address("127.0.0.1"), 5301)
    assert read.zones == (tmp_path / "zones", Path("/srv/zones"))
    assert read.geo == GeoPaths(city=tmp_path / "City.mmdb", asn=tmp_path / "ASN.mmdb")
    assert read.networks == {"office": (IPv4Network("203.0.113.0/24"),), "home": (IPv4Network("198.51.100.7"),)}
    assert read.admin == AdminSettings(listen=None, tokens=tmp_path / "tokens.yaml", hosts=("geodns.example.com",))
    assert (read.workers, read.watch, read.tcp_idle, read.tcp_clients) == (0, False, 60.0, 10)
    assert (read.isolation, read.log_level, read.state) == (False, "debug", tmp_path / "state")


def test_what_is_encrypted_and_where_its_certificate_is_named(tmp_path: Path) -> None:
    read = settings(FULL, tmp_path)
    assert [str(endpoint) for endpoint in read.listen_tls] == ["127.0.0.1:853"]
    assert [str(endpoint) for endpoint in read.listen_https] == ["127.0.0.1:443", "[::1]:443"]
    assert (read.https_path, read.fronts, read.tcp_clients_each) == ("/ask", 2, 5)
    assert read.tls
    assert (read.tls.certificate, read.tls.key) == (tmp_path / "cert.pem", Path("/srv/key.pem"))
    assert str(read.tls.certificate_at) == f"{tmp_path / 'geodns.yaml'}:15:20"
    assert str(read.tls.key_at) == f"{tmp_path / 'geodns.yaml'}:15:35"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("listn: 127.0.0.1:53", "1:1: unknown key 'listn'; did you mean 'listen'?"),
        ("listen: 127.0.0.1", "1:9: '127.0.0.1' is no address with a port; write 127.0.0.1:5300 or [::1]:5300"),
        ("listen: []", "1:9: 'listen' is empty; name at least one"),
        ("workers: 257", "1:10: 'workers' is 257; it has to be 256 or less"),
        ("geo: {city: a, country: b}", "1:16: 'city' is named already; give one of city, country and enterprise"),
        (
            "networks: {x: 10.0.0.1/8}",
            "1:15: '10.0.0.1/8' has bits set past its prefix length; did you mean 10.0.0.0/8?",
        ),
        ("log_level: loud", "1:12: 'log_level' is 'loud'; it has to be debug, info, warning or error"),
        ("watch: no", "1:8: 'watch' wants true or false; found 'no'"),
        (
            "rate_limit: {responses: 100, total: 50}",
            "1:30: a total of 50 is less than the 100 responses of one kind; make it more",
        ),
        ("rate_limit: {slip: 11}", "1:20: 'slip' is 11; it has to be 10 or less"),
        ("rate_limit: {respones: 5}", "1:14: unknown key 'respones'; did you mean 'responses'?"),
        ("rate_limit: {exempt: here}", "1:22: 'here' is no network, such as 192.0.2.0/24 or 2001:db8::/32"),
        ("admin: {listen: here}", "1:17: 'here' is no address with a port; write 127.0.0.1:5300 or [::1]:5300"),
        ("tls: {certificate: a}", "1:1: the key 'key' is missing"),
        ("https_path: /dns query", "1:13: '/dns query' is no path of a URL; write one such as /dns-query"),
        (
            "listen_tls: 127.0.0.1:853\nlisten_https: 127.0.0.1:853\ntls: {certificate: a, key: b}",
            "2:15: 127.0.0.1:853 stands under listen_tls too; what is encrypted needs a port of its own",
        ),
        ("- a", "1:1: the server's file is a mapping, such as listen: 127.0.0.1:5300"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(text, tmp_path)
    assert str(caught.value) == f"{tmp_path}/geodns.yaml:{said}"


LIMITS = [
    ("", None),
    ("rate_limit: {}", RateLimit()),
    ("rate_limit: {dry_run: true}", RateLimit(dry_run=True)),
    ("rate_limit: {responses: 500}", RateLimit(responses=500, total=2500)),
    ("rate_limit: {responses: 500, total: 600, slip: 0}", RateLimit(responses=500, total=600, slip=0)),
    (
        "rate_limit: {ipv4_prefix: 32, ipv6_prefix: 64, size: 4096, exempt: [192.0.2.0/24, '::1']}",
        RateLimit(
            ipv4_prefix=32, ipv6_prefix=64, size=4096, exempt=(IPv4Network("192.0.2.0/24"), IPv6Network("::1/128"))
        ),
    ),
]


@pytest.mark.parametrize(("text", "limit"), LIMITS)
def test_a_rate_limit_is_there_where_it_is_named(text: str, limit: RateLimit | None, tmp_path: Path) -> None:
    assert settings(text, tmp_path).rate_limit == limit


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the file cannot be read: No such file or directory"):
        load_settings(tmp_path / "geodns.yaml")


LISTED = """\
# of a provider
203.0.113.0/24
198.51.100.7   home
2001:db8::/32  # and what follows

"""


def test_networks_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "cdn.txt").write_text(LISTED)
    read = settings("networks: {cdn: {file: cdn.txt}, home: 192.0.2.1}\n", tmp_path)
    assert [str(each) for each in read.networks["cdn"]] == ["203.0.113.0/24", "198.51.100.7/32", "2001:db8::/32"]
    assert [str(each) for each in read.networks["home"]] == ["192.0.2.1/32"]
    assert read.network_files == (tmp_path / "cdn.txt",)


def test_a_file_of_networks_that_has_changed_is_read_again(tmp_path: Path) -> None:
    for line in ("192.0.2.0/24", "198.51.100.0/25"):
        (tmp_path / "cdn.txt").write_text(line)
        assert [str(each) for each in settings("networks: {cdn: {file: cdn.txt}}\n", tmp_path).networks["cdn"]] == [
            line
        ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("192.0.2.0/24\n192.0.2.1/24\n", ":2:1: '192.0.2.1/24' has bits set past its prefix length"),
        ("\n# none\nhere\n", ":3:1: 'here' is no network, such as 192.0.2.0/24 or 2001:db8::/32"),
        (None, ": the file cannot be read: No such file or directory"),
    ],
)
def test_what_is_wrong_with_a_file_of_networks_is_told_with_its_line(
    content: str | None, said: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "cdn.txt").write_text(content)
    with pytest.raises(ConfigError) as caught:
        settings("networks: {cdn: {file: cdn.txt}}\n", tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/cdn.txt{said}")
