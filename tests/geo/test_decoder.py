"""Records as maxminddb reads them, and what is broken refused."""

from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import maxminddb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.geo.decoder import Decoder
from geodns.geo.tree import open_tree, walk_v4, walk_v6
from tests.geo.mmdb_files import encode

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    "name", ["GeoIP2-City-Test", "GeoIP2-Enterprise-Test", "MaxMind-DB-test-mixed-24", "MaxMind-DB-test-ipv4-28"]
)
def test_each_record_is_what_maxminddb_reads(name: str) -> None:
    path = DATA / f"{name}.mmdb"
    tree = open_tree(path.read_bytes())
    record = tree.reader()
    found = {
        (version, start): record(leaf)
        for version, blocks in ((4, walk_v4(tree, print)), (6, walk_v6(tree, print)))
        for start, leaf in zip(blocks.starts, blocks.leaves, strict=True)
        if leaf != tree.nodes
    }
    with maxminddb.open_database(path) as reader:
        for network, expected in reader:
            assert isinstance(network, IPv4Network | IPv6Network)
            assert found[network.version, int(network.network_address)] == expected


scalars = st.text(max_size=60) | st.integers(0, 2**64 - 1) | st.booleans() | st.floats(allow_nan=False)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_was_encoded_is_decoded(value: object) -> None:
    assert Decoder(encode(value), 0, None).record(0) == value


def test_only_what_is_wanted_is_made() -> None:
    record = {"city": {"names": {"en": "Oslo", "de": "Oslo"}, "geoname_id": 5}, "postal": [1, {"x": "y"}], "asn": 7}
    wanted = frozenset(("city", "names", "en", "asn"))
    assert Decoder(encode(record), 0, wanted).record(0) == {"city": {"names": {"en": "Oslo"}}, "asn": 7}


@given(values, st.data())
def test_whatever_is_broken_is_refused_or_read(value: object, data: st.DataObject) -> None:
    octets = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    for wanted in (None, frozenset(("a", "en"))):
        with suppress(ValueError, IndexError):
            Decoder(bytes(octets), 0, wanted).record(0)


@pytest.mark.parametrize(
    ("octets", "says"),
    [
        pytest.param(b"\x20\x00", "more in one record", id="a pointer to itself"),
        pytest.param(b"\x01\x04" * 100, "more in one record", id="arrays inside each other, without end"),
        pytest.param(b"\x1f\x04\xff\xff\xff" + b"\xa0" * 80_000, "more in one record", id="an array of millions"),
        pytest.param(b"\x45abc", "ends within", id="text that goes on beyond the file"),
        pytest.param(b"\x67abcdefg", "type 3 and 7", id="a double of 7 octets"),
        pytest.param(b"\x42\xff\xfe", "utf-8", id="text that is not UTF-8"),
        pytest.param(b"\xe1\xa0\xa0", "a key that is no text", id="a number for a key"),
        pytest.param(b"\x00\xf0", "type 247", id="a type that nobody knows"),
    ],
)
def test_a_broken_value_is_refused_with_its_fault(octets: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Decoder(octets, 0, None).record(0)
