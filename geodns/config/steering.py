"""`policy:` and `pool:` of a name → the name of a policy. Names with equal shorthands share one policy; so do those
with an ALIAS that leads to the same name outside."""

from geodns.config.forms import SteeringForm
from geodns.config.policies import Terms
from geodns.config.reading import Reading
from geodns.config.tree import Table, value_of
from geodns.model.name import Name, show
from geodns.model.policy import Ordered, Policy, Rule
from geodns.model.pool import Member, Pool, PoolName
from geodns.model.source import Source

KEYS = frozenset(SteeringForm.model_fields)


class Steering:
    """Reads one zone's steered names; `shorthands` are the policies that came of `pool:` and `ALIAS:` keys, `outside`
    the pools that came of the latter."""

    def __init__(self, reading: Reading, terms: Terms) -> None:
        self.shorthands: dict[str, Policy] = {}
        self.outside: dict[PoolName, Pool] = {}
        self._reading = reading
        self._terms = terms

    def policy_of(self, owner: str, node: Table, ttl: int) -> str | None:
        """The policy of this entry's name. Cases: 1. malformed, 2. neither or both, 3. a policy, 4. a pool."""
        written = {key: value_of(value) for key, value in node.items() if key in KEYS and key != "ttl"}
        form = self._reading.form(SteeringForm, written, "records", owner)
        if form is None or form.ALIAS is not None:
            return None
        if form.pool is None or form.policy is not None:
            self._check_extras(owner, form)
        if form.policy is not None:
            return self._known("policy", form.policy, owner)
        if form.pool is None or self._known("pool", form.pool, owner) is None:
            return None
        return self._shorthand(owner, form, ttl)

    def outside_policy(self, target: Name, ttl: int, source: Source) -> str:
        """The name of a policy of one pool, whose one member has the addresses of a name elsewhere, all in each answer.

        Names of written pools hold no colon, so the two never meet.
        """
        shown = show(target)
        pool = PoolName(f"ALIAS:{shown}")
        member = Member(name=shown, outside=target, source=source)
        self.outside.setdefault(pool, Pool(name=pool, members=(member,), source=source))
        name = f"ALIAS {shown}" if ttl == self._terms.ttl else f"ALIAS {shown}, ttl {ttl}"
        rule = Rule(pools=Ordered((pool,)), source=source)
        self.shorthands.setdefault(name, Policy(name=name, rules=(rule,), select="all", ttl=ttl, source=source))
        return name

    def _check_extras(self, owner: str, form: SteeringForm) -> None:
        """`pool`, `select` and `answers` mean nothing beside a policy, the latter two nothing without a pool."""
        for key in ("pool", "select", "answers"):
            if getattr(form, key) is None:
                continue
            if form.policy is not None:
                message = f"'{owner}' has a policy, so '{key}' has no place here; set it in the policy"
            else:
                message = f"'{key}' is for names with a pool, and '{owner}' has none"
            self._reading.complain(self._reading.document.key("records", owner, key), message)

    def _known(self, kind: str, name: str, owner: str) -> str | None:
        known = self._reading.names("policies" if kind == "policy" else "pools")
        return name if self._reading.knows(kind, name, known, "records", owner, kind) else None

    def _shorthand(self, owner: str, form: SteeringForm, ttl: int) -> str | None:
        chosen = form.select
        if chosen is not None:
            known = self._terms.selections
            if not self._reading.knows("selection", chosen, known, "records", owner, "select"):
                return None
        name = _name(form, ttl if ttl != self._terms.ttl else None)
        if name not in self.shorthands:
            self.shorthands[name] = self._policy(name, form, ttl, owner)
        return name

    def _policy(self, name: str, form: SteeringForm, ttl: int, owner: str) -> Policy:
        source = self._reading.document.key("records", owner, "pool")
        rule = Rule(pools=Ordered((PoolName(form.pool or ""),)), source=source)
        return Policy(
            name=name,
            rules=(rule,),
            select=form.select or "round_robin",
            select_is_final=form.select is not None,
            answers=form.answers or 1,
            ttl=ttl,
            source=source,
        )


def _name(form: SteeringForm, ttl: int | None) -> str:
    """`pool eu, weighted, 2 answers, ttl 30`. Names of written policies hold no space, so the two never meet."""
    extras = (form.select, f"{form.answers} answers" if form.answers else None, None if ttl is None else f"ttl {ttl}")
    return ", ".join((f"pool {form.pool}", *(extra for extra in extras if extra)))
