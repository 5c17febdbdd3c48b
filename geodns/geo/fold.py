"""IPv6 addresses that carry an IPv4 client inside → that IPv4 address."""

from ipaddress import IPv4Address

from geodns.geo.special import FOLD_6TO4, FOLD_LOW32, FOLD_TEREDO, SPECIAL_V6
from geodns.model.place import Address

_LOW_32 = 0xFFFF_FFFF


def fold(address: Address) -> Address:
    """The IPv4 address in a mapped, 6to4, Teredo or NAT64 (64:ff9b::/96) one; any other address as it is."""
    if address.version == 4:
        return address
    number = int(address)
    kind = SPECIAL_V6.at(number)
    if kind == FOLD_LOW32:
        return IPv4Address(number & _LOW_32)
    if kind == FOLD_6TO4:
        return IPv4Address(number >> 80 & _LOW_32)
    if kind == FOLD_TEREDO:
        return IPv4Address(~number & _LOW_32)
    return address
