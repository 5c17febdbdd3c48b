"""Random addresses, networks and atlases for Hypothesis: near the edges of special blocks, and anywhere else."""

from ipaddress import IPv6Address, ip_address, ip_network

from hypothesis import strategies as st

from geodns.geo.atlas import Atlas
from geodns.geo.runs import Runs
from geodns.model.place import NOWHERE, Address, Network, Place

PLACES = (NOWHERE, Place(country="DE"), Place(country="FR"), Place(country="JP"))

ANCHORS = {
    4: ["0.0.0.0", "10.0.0.0", "192.0.2.0", "223.255.255.255", "255.255.255.255"],
    6: ["::", "::ffff:0:0", "64:ff9b::", "2001::", "2001:db8::", "2002::", "fe80::", "ffff:ffff::"],
}  # fmt: skip


def near_anchors(version: int) -> st.SearchStrategy[int]:
    bits = 32 if version == 4 else 128
    anchors = [int(ip_address(text)) for text in ANCHORS[version]]
    spread = st.integers(-300, 300) | st.integers(0, 2 ** (bits // 2))
    return st.builds(lambda at, off: min(max(at + off, 0), 2**bits - 1), st.sampled_from(anchors), spread)


def any_address(version: int) -> st.SearchStrategy[Address]:
    bits = 32 if version == 4 else 128
    numbers = near_anchors(version) | st.integers(0, 2**bits - 1)
    return numbers.map(lambda number: ip_address(number.to_bytes(bits // 8, "big")))


def with_ipv4_inside(address: int, kind: str) -> IPv6Address:
    inside = {
        "6to4": 0x2002 << 112 | address << 80,
        "teredo": 0x20010000 << 96 | address ^ 0xFFFFFFFF,
        "mapped": 0xFFFF << 32 | address,
        "nat64": 0x64FF9B << 96 | address,
    }
    return IPv6Address(inside[kind])


carriers = st.builds(
    with_ipv4_inside,
    near_anchors(4) | st.integers(0, 2**32 - 1),
    st.sampled_from(["6to4", "teredo", "mapped", "nat64"]),
)
addresses: st.SearchStrategy[Address] = any_address(4) | any_address(6) | carriers


@st.composite
def partitions(draw_: st.DrawFn, version: int) -> Runs:
    bits = 32 if version == 4 else 128
    starts = sorted({0, *draw_(st.lists(near_anchors(version) | st.integers(0, 2**bits - 1), max_size=12))})
    values = draw_(st.lists(st.integers(0, 3), min_size=len(starts), max_size=len(starts)))
    return Runs(starts, values)


atlases = st.builds(
    lambda v4, v6: Atlas(name="test", built=0, digest="", places=PLACES, v4=v4, v6=v6), partitions(4), partitions(6)
)
networks: st.SearchStrategy[list[Network]] = st.lists(
    st.builds(
        lambda address, length: ip_network((address.packed, min(length, address.max_prefixlen)), strict=False),
        addresses,
        st.integers(1, 128),
    ),
    max_size=4,
)
