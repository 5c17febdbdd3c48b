"""Checks, pools and results that the tests of health speak of."""

from ipaddress import ip_address

from geodns.model.check import Check, Heard, Result, Target
from geodns.model.place import Address
from geodns.model.pool import Member, Pool, PoolName
from geodns.model.source import Source

HERE = Source("zones/example.com.yaml", 1, 1)


class Silent:
    """A probe that is never asked: health reads results, not networks."""

    async def ask(self, address: Address) -> Heard:
        raise AssertionError("the tests of health ask nobody")


SILENT = Silent()


def check(*, name: str = "web", interval: float = 10.0, rise: int = 2, fall: int = 3) -> Check:
    return Check(
        zone="example.com.", name=name, type="tcp", probe=SILENT, interval=interval, rise=rise, fall=fall, source=HERE
    )


def pool(name: str, *addresses: str, by: Check | None = None) -> Pool:
    """A pool of one member to an address, checked by `by`, or by the ordinary check."""
    members = tuple(Member(name=text, addresses=(ip_address(text),), source=HERE) for text in addresses)
    return Pool(name=PoolName(name), members=members, check=by or check(), source=HERE)


def target(address: str, by: Check | None = None) -> Target:
    return Target(by or check(), ip_address(address))


def passed(address: str, by: Check | None = None) -> Result:
    return Result(target(address, by), True, 0.01, "200 OK")


def failed(address: str, by: Check | None = None) -> Result:
    return Result(target(address, by), False, 3.0, "timed out after 3 s")
