"""Asks one address as the prober does, and gives back what would be reported."""

from ipaddress import ip_address

from geodns.model.check import Check, Heard, Probe, Target
from geodns.model.source import Source
from geodns.probe.prober import ask


def target(probe: Probe, address: str = "127.0.0.1", *, interval: float = 10.0, timeout: float = 3.0) -> Target:
    check = Check(
        zone="example.com.",
        name="web",
        type="any",
        probe=probe,
        interval=interval,
        timeout=timeout,
        source=Source("zones/example.com.yaml", 1, 1),
    )
    return Target(check, ip_address(address))


async def outcome(probe: Probe, address: str = "127.0.0.1", within: float = 3.0) -> tuple[bool, str]:
    ok, heard = await ask(target(probe, address, timeout=within))
    return ok, heard.detail


async def heard(probe: Probe, address: str = "127.0.0.1", within: float = 3.0) -> Heard:
    """What an address has said that passed."""
    ok, said = await ask(target(probe, address, timeout=within))
    assert ok, said.detail
    return said
