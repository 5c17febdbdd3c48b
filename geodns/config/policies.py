"""`policies:` → Policy. A list of rules ends with the one that fits everybody, and with no other before it."""

from dataclasses import dataclass

from geodns.config.conditions import Gazetteer, read_conditions
from geodns.config.forms import NearestForm, PolicyForm, RuleForm, WeightedForm
from geodns.config.reading import Reading
from geodns.config.sharing import Sharing
from geodns.config.tree import Path, Table
from geodns.model.policy import Locate, Nearest, NoneOf, Ordered, Policy, Prefixes, Rule
from geodns.model.pool import PoolName


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What policies may refer to."""

    ttl: int  # the zone's, in seconds
    selections: tuple[str, ...]
    places: Gazetteer
    sharing: Sharing


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
        locate=Locate(tuple(form.locate)),
        source=reading.document.key(*path),
    )


def _rules(reading: Reading, form: PolicyForm, path: Path, terms: Terms) -> tuple[Rule, ...]:
    """Cases: 1. neither rules nor pools, or both, 2. pools alone, a rule for everybody, 3. rules."""
    source = reading.document.key(*path)
    if (form.rules is None) == (form.pools is None):
        reading.complain(source, f"policy '{path[-1]}' needs either 'rules' or 'pools'")
        return ()
    if form.pools is not None:
        return (Rule(pools=_pools(reading, form.pools, (*path, "pools"), terms), source=source),)
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
    conditions = read_conditions(reading, form, path, terms.places)
    if form.not_ is not None:
        excluded = read_conditions(reading, form.not_, (*path, "not"), terms.places)
        if not reading.document.node(*path, "not"):
            reading.complain(reading.document.key(*path, "not"), "'not' is empty, so it keeps nobody out; leave it out")
        conditions += (NoneOf(excluded),)
    return Rule(
        conditions=conditions,
        pools=_pools(reading, form.pools, (*path, "pools"), terms),
        fence=form.fence,
        source=reading.document.value(*path),
    )


Steps = list[str | WeightedForm]


def _pools(reading: Reading, form: Steps | WeightedForm | NearestForm, path: Path, terms: Terms) -> Ordered | Nearest:
    if isinstance(form, WeightedForm):
        return Ordered((_weighted(reading, form, path, terms),))
    if isinstance(form, NearestForm):
        names = _pool_names(reading, form.nearest, (*path, "nearest"))
        for at, name in enumerate(names):
            _check_location(reading, name, (*path, "nearest", at))
        for biased in form.bias:
            _check_bias(reading, biased, form, path)
        biases = tuple((PoolName(name), bias) for name, bias in form.bias.items() if bias)
        return Nearest(names, biases=biases, ties=form.ties, limit=form.limit)
    steps = [
        step if isinstance(step, str) else _weighted(reading, step, (*path, at), terms) for at, step in enumerate(form)
    ]
    return Ordered(_pool_names(reading, steps, path))


def _weighted(reading: Reading, form: WeightedForm, path: Path, terms: Terms) -> PoolName:
    return terms.sharing.unnamed(form.weighted, (*path, "weighted"), reading.document.value(*path))


def _pool_names(reading: Reading, names: list[str], path: Path) -> tuple[PoolName, ...]:
    for at, name in enumerate(names):
        if " " not in name and not reading.knows("pool", name, reading.names("pools"), *path, at):
            continue
        if name in names[:at]:
            reading.complain(reading.document.value(*path, at), f"pool '{name}' is named twice")
    return tuple(PoolName(name) for name in names)


def _check_location(reading: Reading, pool: str, path: Path) -> None:
    node = reading.document.node("pools", pool)
    if isinstance(node, Table) and "location" not in node:
        message = f"pool '{pool}' has no location, which nearest needs; add location: {{lat: 50.1, lon: 8.7}} to it"
        reading.complain(reading.document.value(*path), message)


def _check_bias(reading: Reading, pool: str, form: NearestForm, path: Path) -> None:
    known = reading.names("pools")
    if pool not in form.nearest and reading.knows("pool", pool, known, *path, "bias", pool, as_key=True):
        message = f"pool '{pool}' is not among those of nearest, so it can have no bias; name it there"
        reading.complain(reading.document.key(*path, "bias", pool), message)
