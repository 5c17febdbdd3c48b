"""`policies:` → Policy. A list of rules ends with the one that fits everybody, and with no other before it."""

from dataclasses import dataclass

from geodns.config.conditions import Gazetteer, read_conditions
from geodns.config.forms import PolicyForm, RuleForm
from geodns.config.reading import Reading
from geodns.config.sharing import Sharing
from geodns.config.steps import Steps
from geodns.config.tree import Path
from geodns.model.policy import Locate, NoneOf, Policy, Prefixes, Rule
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
    return _Policies(reading, terms).all()


class _Policies:
    """One zone's: each is read once, and those that it sends clients to before it."""

    def __init__(self, reading: Reading, terms: Terms) -> None:
        self._reading = reading
        self._terms = terms
        self._forms = dict(reading.section("policies", PolicyForm))
        self._read: dict[str, Policy] = {}
        self._inside: list[str] = []

    def all(self) -> dict[str, Policy]:
        found = ((name, self._policy(name)) for name in self._forms)
        return {name: policy for name, policy in found if policy is not None}

    def named(self, name: str, path: Path) -> Policy | None:
        """What the path's value means; None where that is wrong."""
        known = self._reading.names("policies")
        return self._policy(name) if self._reading.knows("policy", name, known, *path) else None

    def _policy(self, name: str) -> Policy | None:
        """Cases: 1. read already, or broken, 2. a circle, 3. those within it first, then it."""
        if name in self._read or name not in self._forms:
            return self._read.get(name)
        if name in self._inside:
            circle = " → ".join((*self._inside[self._inside.index(name) :], name))
            self._reading.complain(
                self._reading.document.key("policies", name), f"policy '{name}' is in itself: {circle}"
            )
            return None
        self._inside.append(name)
        steps = Steps(self._reading, self._terms.sharing, self.named)
        self._read[name] = _policy(self._reading, name, self._forms[name], self._terms, steps)
        self._inside.pop()
        return self._read[name]


def _policy(reading: Reading, name: str, form: PolicyForm, terms: Terms, steps: Steps) -> Policy:
    path = ("policies", name)
    reading.knows("selection", form.select, terms.selections, *path, "select")
    if form.fallback is not None:
        reading.knows("pool", form.fallback, reading.names("pools"), *path, "fallback")
    return Policy(
        name=name,
        rules=_rules(reading, form, path, terms, steps),
        select=form.select,
        answers=form.answers,
        sticky=None if form.sticky is None else Prefixes(ipv4=form.sticky.ipv4, ipv6=form.sticky.ipv6),
        ttl=terms.ttl if form.ttl is None else form.ttl,
        fallback=None if form.fallback is None else PoolName(form.fallback),
        locate=Locate(tuple(form.locate)),
        source=reading.document.key(*path),
    )


def _rules(reading: Reading, form: PolicyForm, path: Path, terms: Terms, steps: Steps) -> tuple[Rule, ...]:
    """Cases: 1. neither rules nor pools, or both, 2. pools alone, a rule for everybody, 3. rules."""
    source = reading.document.key(*path)
    if (form.rules is None) == (form.pools is None):
        reading.complain(source, f"policy '{path[-1]}' needs either 'rules' or 'pools'")
        return ()
    if form.pools is not None:
        return (Rule(pools=steps.read(form.pools, (*path, "pools")), source=source),)
    rules = tuple(
        _rule(reading, rule, (*path, "rules", at), terms.places, steps) for at, rule in enumerate(form.rules or ())
    )
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


def _rule(reading: Reading, form: RuleForm, path: Path, places: Gazetteer, steps: Steps) -> Rule:
    conditions = read_conditions(reading, form, path, places)
    if form.not_ is not None:
        excluded = read_conditions(reading, form.not_, (*path, "not"), places)
        if not reading.document.node(*path, "not"):
            reading.complain(reading.document.key(*path, "not"), "'not' is empty, so it keeps nobody out; leave it out")
        conditions += (NoneOf(excluded),)
    return Rule(
        conditions=conditions,
        pools=steps.read(form.pools, (*path, "pools")),
        fence=form.fence,
        source=reading.document.value(*path),
    )
