"""The operator's databases. Judge: maxminddb's own look-ups."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path

import maxminddb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.embedded import embedded
from geodns.geo.mmdb import BadDatabase, read
from geodns.geo.records import WANTED, place_from
from geodns.geo.tree import BadTree, Blocks, open_tree, walk_v4, walk_v6
from geodns.model.place import NOWHERE, Location
from tests.geo.mmdb_files import mmdb

DATA = Path(__file__).parent / "data"
CITY = DATA / "GeoIP2-City-Test.mmdb"
ASN = DATA / "GeoLite2-ASN-Test.mmdb"

Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write_file


@pytest.mark.parametrize(
    "name",
    ["GeoIP2-City-Test.mmdb", "GeoIP2-Country-Test.mmdb", "GeoIP2-Enterprise-Test.mmdb", "GeoLite2-ASN-Test.mmdb"],
)
def test_each_network_has_the_place_that_its_record_says(name: str) -> None:
    atlas = read([DATA / name])
    with maxminddb.open_database(DATA / name) as reader:
        for network, record in reader:
            assert isinstance(network, IPv4Network | IPv6Network)
            runs = atlas.v4 if network.version == 4 else atlas.v6
            for address in (network.network_address, network.broadcast_address):
                assert atlas.places[runs.at(int(address))] == place_from(record)
    assert atlas.places[0] == NOWHERE


@pytest.mark.parametrize("size", ["mixed-24", "mixed-28", "mixed-32", "ipv4-28"])
def test_the_tree_is_read_with_records_of_every_size(size: str) -> None:
    path = DATA / f"MaxMind-DB-test-{size}.mmdb"
    tree = open_tree(path.read_bytes())
    record = tree.reader()
    blocks = [(4, *block) for block in pairs(walk_v4(tree, print))] + [
        (6, *block) for block in pairs(walk_v6(tree, print))
    ]
    found = {(family, start): record(leaf) for family, start, leaf in blocks if leaf > tree.nodes}
    with maxminddb.open_database(path) as reader:
        expected = {_key(network): record for network, record in reader}
    assert found == expected


def pairs(blocks: Blocks) -> Iterator[tuple[int, int]]:
    return zip(blocks.starts, blocks.leaves, strict=True)


def _key(network: object) -> tuple[int, int]:
    assert isinstance(network, IPv4Network | IPv6Network)
    return network.version, int(network.network_address)


def test_ipv4_is_counted_once_however_often_the_tree_has_an_alias_for_it() -> None:
    atlas = read([CITY])
    assert atlas.v6.at(int(ip_address("::ffff:81.2.69.142"))) == 0
    assert atlas.v6.at(int(ip_address("2002:5102:458e::"))) == 0
    assert atlas.place_of(ip_address("2002:5102:458e::")).city == "London"


def test_places_and_as_numbers_of_two_files_are_put_together() -> None:
    atlas = read([CITY, ASN])
    place = atlas.place_of(ip_address("216.160.83.57"))
    assert (str(place), place.asn) == ("NA/US/US-WA/Milton", 209)
    assert place.location == Location(lat=47.2513, lon=-122.3149)
    assert atlas.place_of(ip_address("1.128.0.1")).asn == 1221
    assert atlas.place_of(ip_address("81.2.69.142")).asn is None
    assert len(atlas.places) == len(set(atlas.places))


def test_the_order_of_files_of_different_things_does_not_matter() -> None:
    one, other = read([CITY, ASN]), read([ASN, CITY])
    for address in ("216.160.83.57", "1.128.0.1", "81.2.69.142", "2a02:ff80::1", "2600:6000::1"):
        assert one.place_of(ip_address(address)) == other.place_of(ip_address(address))


def test_of_two_files_of_places_the_first_that_knows_a_place_is_believed(write: Write) -> None:
    first = write("a.mmdb", mmdb({"198.60.0.0/24": {"country_code": "FR"}}))
    second = write("b.mmdb", mmdb({"198.60.0.0/16": {"country_code": "DE"}}))
    atlas = read([first, second])
    assert str(atlas.place_of(ip_address("198.60.0.1"))) == "EU/FR"
    assert str(atlas.place_of(ip_address("198.60.1.1"))) == "EU/DE"


def test_a_free_file_with_flat_records_and_an_odd_type_name_is_read(write: Write) -> None:
    records = {"1.2.0.0/16": {"country_code": "AU"}, "2400::/16": {"country_code": "JP"}}
    atlas = read([write("dbip.mmdb", mmdb(records, kind="country ipvAll", built=1780345978))])
    assert (atlas.name, atlas.built) == ("dbip.mmdb (country ipvAll)", 1780345978)
    assert str(atlas.place_of(ip_address("1.2.3.4"))) == "OC/AU"
    assert str(atlas.place_of(ip_address("2400::1"))) == "AS/JP"


def test_a_file_of_ipv4_only_knows_no_ipv6(write: Write) -> None:
    atlas = read([write("v4.mmdb", mmdb({"1.2.0.0/16": {"country_code": "AU"}}, bits=32))])
    assert str(atlas.place_of(ip_address("1.2.3.4"))) == "OC/AU"
    assert atlas.place_of(ip_address("2400::1")) == NOWHERE


def test_a_code_that_iso_3166_does_not_have_is_warned_of(write: Write) -> None:
    atlas = read([write("odd.mmdb", mmdb({"1.2.0.0/16": {"country_code": "QZ"}}))])
    assert len(atlas.warnings) == 1
    assert "QZ" in atlas.warnings[0]


def test_the_digest_changes_with_the_content_and_with_nothing_else(write: Write) -> None:
    content = mmdb({"1.2.0.0/16": {"country_code": "AU"}})
    other = mmdb({"1.2.0.0/16": {"country_code": "NZ"}})
    digests = [read([write(name, data)]).digest for name, data in (("a", content), ("b", content), ("c", other))]
    assert digests[0] == digests[1] != digests[2]


def test_of_several_files_the_oldest_date_counts(write: Write) -> None:
    old = write("old.mmdb", mmdb({"1.2.0.0/16": {"country_code": "AU"}}, built=1000))
    new = write("new.mmdb", mmdb({"1.2.0.0/16": {"asn": 5}}, built=2000))
    assert read([new, old]).built == 1000


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("GeoIP2-Connection-Type-Test.mmdb", "holds no countries, cities or AS numbers, but connection_type"),
        ("GeoIP2-City-Test-Broken-Double-Format.mmdb", "a record cannot be read"),
        ("GeoIP2-City-Test-Invalid-Node-Count.mmdb", "get the file again"),
        ("MaxMind-DB-test-broken-search-tree-24.mmdb", "get the file again"),
        ("MaxMind-DB-test-broken-pointers-24.mmdb", "a record cannot be read"),
        ("MaxMind-DB-no-ipv4-search-tree.mmdb", "holds no countries"),
        ("no-such-file.mmdb", "No such file or directory; correct the path under `geo:`"),
        ("README.md", "no MaxMind DB file, or not all of it"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_a_way_out(name: str, says: str) -> None:
    with pytest.raises(BadDatabase) as caught:
        read([CITY, DATA / name])
    assert str(caught.value).startswith(f"{DATA / name}: ")
    assert says in str(caught.value)


def test_a_folder_or_an_empty_or_a_truncated_file_is_refused(write: Write, tmp_path: Path) -> None:
    whole = CITY.read_bytes()
    cut_off = [write(f"{length}.mmdb", whole[:length]) for length in (0, 1, 1000, len(whole) // 2, len(whole) - 200)]
    for path in [tmp_path, *cut_off]:
        with pytest.raises(BadDatabase, match=str(path)):
            read([path])


@given(st.lists(st.tuples(st.integers(0, CITY.stat().st_size - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_whatever_is_broken_in_a_file_it_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    content = bytearray(CITY.read_bytes())
    for at, octet in damage:
        content[at] = octet
    try:
        tree = open_tree(bytes(content))
        record = tree.reader(WANTED)
        for leaf in {*walk_v4(tree, _ignore).leaves, *walk_v6(tree, _ignore).leaves}:
            if leaf != tree.nodes:
                place_from(record(leaf))
    except BadTree:
        pass


def _ignore(_: int) -> None: ...


def test_a_tree_that_runs_in_circles_is_refused(write: Write) -> None:
    content = bytearray(mmdb({"0.0.0.0/1": {"country_code": "AU"}}, bits=32))
    content[3:6] = bytes(3)  # the root's right child is the root
    with pytest.raises(BadDatabase, match="runs in circles"):
        read([write("loop.mmdb", bytes(content))])


def test_long_reads_tell_how_far_they_are() -> None:
    told: list[tuple[int, int | None]] = []
    read([CITY, ASN], lambda done, total: told.append((done, total)))
    nodes = sum(open_tree(path.read_bytes()).nodes for path in (CITY, ASN))
    assert told[-1] == (nodes, nodes)
    assert told == sorted(told)


networks = st.builds(
    lambda number, length: IPv6Network((number, length), strict=False),
    st.integers(0x2000 << 112, (0x2001 << 112) - 1),
    st.integers(17, 128),
)


@given(st.dictionaries(networks, st.integers(1, 4), max_size=10))
def test_an_inner_network_wins_over_an_outer_one(asns: Mapping[IPv6Network, int]) -> None:
    outer_first = {str(net): {"asn": asns[net]} for net in sorted(asns, key=lambda network: network.prefixlen)}
    tree = open_tree(mmdb({"::/0": {"asn": 9}, **outer_first}))
    leaf_at = dict(pairs(walk_v6(tree, _ignore)))
    record = tree.reader()
    for network in asns:
        innermost = max((net for net in asns if network.network_address in net), key=lambda net: net.prefixlen)
        assert record(leaf_at[int(network.network_address)]) == {"asn": asns[innermost]}


countries = st.sampled_from(["DE", "FR", "JP", "US"])
any_networks = st.one_of(
    st.builds(
        lambda number, length: IPv4Network((number, length), strict=False),
        st.integers(0, 2**32 - 1),
        st.integers(1, 32),
    ),
    networks,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("databases")


@given(
    st.dictionaries(any_networks, countries, min_size=1, max_size=12), st.lists(st.integers(0, 2**32 - 1), max_size=9)
)
def test_each_address_has_the_country_that_maxminddb_finds(
    folder: Path, codes: Mapping[IPv4Network | IPv6Network, str], some: list[int]
) -> None:
    outer_first = {str(net): {"country_code": codes[net]} for net in sorted(codes, key=lambda net: net.prefixlen)}
    path = folder / "any.mmdb"
    path.write_bytes(mmdb(outer_first))
    atlas = read([path])
    edges = {
        ip_address(int(end) + step) for net in codes for end in (net[0], net[-1]) for step in (-1, 0, 1) if int(end)
    }
    with maxminddb.open_database(path, maxminddb.MODE_MEMORY) as reader:
        for address in {*edges, *map(ip_address, some)}:
            runs = atlas.v4 if address.version == 4 else atlas.v6
            record = reader.get(address)
            expected = record["country_code"] if isinstance(record, dict) else None
            assert atlas.places[runs.at(int(address))].country == expected


def test_an_atlas_tells_each_database_that_it_was_read_from() -> None:
    atlas = read([CITY, ASN])
    assert [(each.name, each.tells) for each in atlas.databases] == [
        ("GeoIP2-City-Test.mmdb (GeoIP2-City)", "places"),
        ("GeoLite2-ASN-Test.mmdb (GeoLite2-ASN)", "AS numbers"),
    ]
    assert min(each.built for each in atlas.databases) == atlas.built
    assert [each.digest for each in atlas.databases] == [sha256(file.read_bytes()).hexdigest() for file in (CITY, ASN)]


def test_the_built_in_database_tells_its_date() -> None:
    (found,) = embedded().databases
    assert (found.tells, found.digest) == ("places", embedded().digest)
    assert datetime.fromtimestamp(found.built, UTC).date().isoformat() in found.name
