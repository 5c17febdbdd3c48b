"""Rules that earlier ones leave nobody to, wholly or in part: what can be told from the rules alone."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from geodns.model.policy import (
    AnyOf,
    Condition,
    InAsn,
    InCity,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    NoneOf,
    Policy,
    Rule,
    Simple,
)
from geodns.model.source import Source

_MANY = 10_000  # values of a condition that are compared one by one
_SHOWN = 3

Countries = Mapping[str, str]  # code → continent


def unreachable(policy: Policy, countries: Countries) -> Iterator[tuple[Source, str]]:
    """Each finding with its place: a rule that is never reached, or values of a condition that are not."""
    for at, rule in enumerate(policy.rules):
        earlier = next((each for each in policy.rules[:at] if covers(each, rule, countries)), None)
        if earlier is not None:
            line = earlier.source.line
            yield rule.source, f"this rule is never reached: the one in line {line} fits all of its clients"
        elif len(rule.conditions) == 1:
            yield from _taken(rule, policy.rules[:at], countries)


def _taken(rule: Rule, earlier: tuple[Rule, ...], countries: Countries) -> Iterator[tuple[Source, str]]:
    """For rules of one condition: which of its values an earlier rule fits already."""
    condition = rule.conditions[0]
    if isinstance(condition, AnyOf | NoneOf) or len(_values(condition)) > _MANY:
        return
    for each in earlier:
        if not each.conditions:
            continue
        taken = [value for value in sorted(_values(condition), key=str) if _fits(each, condition, value, countries)]
        if taken:
            shown = ", ".join(map(str, taken[:_SHOWN])) + (" and others" if len(taken) > _SHOWN else "")
            yield rule.source, f"{shown} never comes to this rule: the one in line {each.source.line} fits it already"


def _fits(earlier: Rule, condition: Simple, value: object, countries: Countries) -> bool:
    one = type(condition)(frozenset((value,)))  # type: ignore[arg-type]  # of the kind that the condition has
    return all(includes(wide, one, countries) for wide in earlier.conditions)


def covers(earlier: Rule, later: Rule, countries: Countries) -> bool:
    """Whether each condition of the earlier rule is met by all whom the later one fits."""
    return all(any(includes(wide, narrow, countries) for narrow in later.conditions) for wide in earlier.conditions)


def includes(wide: Condition, narrow: Condition, countries: Countries) -> bool:
    """Whether whoever is in the narrow one is in the wide one. False where that cannot be told."""
    match wide, narrow:
        case _, AnyOf(parts):
            return all(includes(wide, part, countries) for part in parts)
        case AnyOf(parts), _:
            return any(includes(part, narrow, countries) for part in parts)
        case NoneOf(fewer), NoneOf(more):
            return all(any(includes(other, part, countries) for other in more) for part in fewer)
        case NoneOf(), _:
            return False
        case _, NoneOf():
            return False
        case InNetwork(networks), InNetwork(inner):
            return len(inner) <= _MANY and all(
                any(network.supernet(new_prefix=length) in networks for length in range(network.prefixlen + 1))
                for network in inner
            )
        case InContinent(codes), InCountry(inside):
            return all(countries.get(code) in codes for code in inside)
        case InContinent(codes), InSubdivision(inside) | InCity(inside):
            return all(countries.get(code[:2].upper()) in codes for code in inside)
        case InCountry(codes), InSubdivision(inside) | InCity(inside):
            return all(code[:2].upper() in codes for code in inside)
        case _:
            return type(wide) is type(narrow) and _values(narrow) <= _values(wide)


def _values(condition: Simple) -> frozenset[object]:
    match condition:
        case InNetwork(values) | InContinent(values) | InCountry(values) | InSubdivision(values):
            return frozenset[object](values)
        case InCity(values) | InAsn(values):
            return frozenset[object](values)
        case _:
            assert_never(condition)
