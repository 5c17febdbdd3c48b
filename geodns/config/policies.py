"""`policies:` → Policy. A list of rules ends with the one that fits everybody, and with no other before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodns.config.forms import NearestForm, PolicyForm, RuleForm
from geodns.config.networks import looks_like_network, parse_network
from geodns.config.reading import Reading
from geodns.config.tree import Path, Table
from geodns.model.place import Network
from geodns.model.policy import (
    Condition,
    InContinent,
    InCountry,
    InNetwork,
    InSubdivision,
    Nearest,
    Ordered,
    Policy,
    Prefixes,
    Rule,
)
from geodns.model.pool import PoolName


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What policies may refer to."""

    ttl: int  # the zone's, in seconds
    selections: tuple[str, ...]
    networks: Mapping[str, tuple[Network, ...]]


def read_policies(reading: Reading, terms: Terms) -> dict[str, Policy]:
    """The well-formed policies of the zone by name."""
    return {name: _policy(reading, name, form, terms) for name, form in reading.section("policies", PolicyForm)}


def _policy(reading: Reading, name: str, form: PolicyForm, terms: Terms) -> Policy:
    path = ("policies", name)
    reading.knows("selection", form.select, terms.selections, *path, "select")
    if form.fallback is not None:
        reading.knows("pool", form.fallback, reading.names("pools"), *path, "fallback")
    return Policy(
        name=name,
        rules=_rules(reading, form, path, terms),
        select=form.select,
        answers=form.answers,
        sticky=None if form.sticky is None else Prefixes(ipv4=form.sticky.ipv4, ipv6=form.sticky.ipv6),
        ttl=terms.ttl if form.ttl is None else form.ttl,
        fallback=None if form.fallback is None else PoolName(form.fallback),
        source=reading.document.key(*path),
    )


def _rules(reading: Reading, form: PolicyForm, path: Path, terms: Terms) -> tuple[Rule, ...]:
    """Cases: 1. neither rules nor pools, or both, 2. pools alone, a rule for everybody, 3. rules."""
    source = reading.document.key(*path)
    if (form.rules is None) == (form.pools is None):
        reading.complain(source, f"policy '{path[-1]}' needs either 'rules' or 'pools'")
        return ()
    if form.pools is not None:
        return (Rule(pools=_pools(reading, form.pools, (*path, "pools")), source=source),)
    rules = tuple(_rule(reading, rule, (*path, "rules", at), terms) for at, rule in enumerate(form.rules or ()))
    _check_last(reading, rules, path)
    return rules


def _check_last(reading: Reading, rules: tuple[Rule, ...], path: Path) -> None:
    first = next((at for at, rule in enumerate(rules) if not rule.conditions), None)
    if first is None:
        message = f"policy '{path[-1]}' has no rule for everybody; end it with one without conditions, {{pools: [...]}}"
        reading.complain(reading.document.key(*path, "rules"), message)
        return
    for rule in rules[first + 1 :]:
        message = f"this rule is never reached: the one in line {rules[first].source.line} fits everybody"
        reading.complain(rule.source, message)


def _rule(reading: Reading, form: RuleForm, path: Path, terms: Terms) -> Rule:
    conditions: list[Condition] = []
    if form.network is not None:
        conditions.append(InNetwork(_networks(reading, form.network, (*path, "network"), terms)))
    if form.continent is not None:
        conditions.append(InContinent(frozenset(form.continent)))
    if form.country is not None:
        conditions.append(InCountry(frozenset(form.country)))
    if form.subdivision is not None:
        conditions.append(InSubdivision(frozenset(form.subdivision)))
    return Rule(
        conditions=tuple(conditions),
        pools=_pools(reading, form.pools, (*path, "pools")),
        fence=form.fence,
        source=reading.document.value(*path),
    )


def _networks(reading: Reading, texts: list[str], path: Path, terms: Terms) -> frozenset[Network]:
    found: set[Network] = set()
    for at, text in enumerate(texts):
        if not looks_like_network(text):
            if reading.knows("network", text, terms.networks, *path, at):
                found.update(terms.networks[text])
            continue
        try:
            found.add(parse_network(text))
        except ValueError as error:
            reading.complain(reading.document.value(*path, at), str(error))
    return frozenset(found)


def _pools(reading: Reading, form: list[str] | NearestForm, path: Path) -> Ordered | Nearest:
    if isinstance(form, NearestForm):
        names = _pool_names(reading, form.nearest, (*path, "nearest"))
        for at, name in enumerate(names):
            _check_location(reading, name, (*path, "nearest", at))
        return Nearest(names)
    return Ordered(_pool_names(reading, form, path))


def _pool_names(reading: Reading, names: list[str], path: Path) -> tuple[PoolName, ...]:
    for at, name in enumerate(names):
        if reading.knows("pool", name, reading.names("pools"), *path, at) and name in names[:at]:
            reading.complain(reading.document.value(*path, at), f"pool '{name}' is named twice")
    return tuple(PoolName(name) for name in names)


def _check_location(reading: Reading, pool: str, path: Path) -> None:
    node = reading.document.node("pools", pool)
    if isinstance(node, Table) and "location" not in node:
        message = f"pool '{pool}' has no location, which nearest needs; add location: {{lat: 50.1, lon: 8.7}} to it"
        reading.complain(reading.document.value(*path), message)
