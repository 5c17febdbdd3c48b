"""A name and a type → the policy that answers them, or a sentence that says why none does. Pure."""

from collections.abc import Sequence

from geodns.config.problem import did_you_mean
from geodns.model.name import Name, is_below, parse_name, show
from geodns.model.policy import Policy
from geodns.model.pool import ADDRESS_FAMILIES, Family
from geodns.model.zone import Zone

_MOST_NAMES = 8  # in a sentence


def steered(zones: Sequence[Zone], name: str, rtype: str) -> tuple[Zone, Policy, Family]:
    """Raises ValueError: the sentence."""
    family = _family(rtype)
    owner = parse_name(name)
    zone = _zone_of(zones, owner)
    policy = zone.policy_of(owner, zone.names())
    if policy is None:
        raise ValueError(f"no policy answers for {show(owner)}; {_answered(zone)}")
    return zone, zone.policies[policy], family


def _family(rtype: str) -> Family:
    for family in ADDRESS_FAMILIES:
        if family.rtype == rtype.upper():
            return family
    raise ValueError(f"policies answer for A and AAAA, and not for {rtype}")


def _zone_of(zones: Sequence[Zone], owner: Name) -> Zone:
    """The deepest one that the name lies in."""
    around = [zone for zone in zones if is_below(owner, zone.name)]
    if not around:
        raise ValueError(f"{show(owner)} is in none of the zones{did_you_mean(show(owner), map(str, zones))}")
    return max(around, key=lambda zone: len(zone.name))


def _answered(zone: Zone) -> str:
    names = sorted(map(show, zone.steered))
    if not names:
        return f"{zone} has no name that one answers for"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"they do for {', '.join(names[:_MOST_NAMES])}{more}"
