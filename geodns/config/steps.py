"""`pools:` of a rule → the steps of its failover order: pools, blends of pools and policies, or pools by distance."""

from collections.abc import Callable, Sequence

from geodns.config.forms import DelegatedForm, NearestForm, PartForm, RampForm, StepForm, WeightedForm
from geodns.config.reading import Reading
from geodns.config.sharing import Sharing
from geodns.config.tree import Path, Table
from geodns.model.policy import Blend, Nearest, Ordered, Policy
from geodns.model.pool import PoolName

PolicyNamed = Callable[[str, Path], Policy | None]  # complains at the path where there is none


class Steps:
    """One zone's."""

    def __init__(self, reading: Reading, sharing: Sharing, policy_named: PolicyNamed) -> None:
        self._reading = reading
        self._sharing = sharing
        self._policy_named = policy_named

    def read(self, form: list[StepForm] | WeightedForm | DelegatedForm | NearestForm, path: Path) -> Ordered | Nearest:
        """Cases: 1. by distance, 2. one step alone, 3. several in order."""
        if isinstance(form, NearestForm):
            return self._nearest(form, path)
        if isinstance(form, WeightedForm | DelegatedForm):
            step = self._step(form, path)
            return Ordered(() if step is None else (step,))
        steps = [self._step(each, (*path, at)) for at, each in enumerate(form)]
        self._check_twice(steps, path)
        return Ordered(tuple(step for step in steps if step is not None))

    def _step(self, form: StepForm, path: Path) -> PoolName | Blend | None:
        """None where it is wrong, which has been told."""
        match form:
            case WeightedForm():
                return self._weighted(form, path)
            case DelegatedForm():
                policy = self._policy_named(form.policy, (*path, "policy"))
                return Blend(((policy, 1),)) if policy else None
        return PoolName(form) if self._reading.knows("pool", form, self._reading.names("pools"), *path) else None

    def _weighted(self, form: WeightedForm, path: Path) -> PoolName | Blend | None:
        """Pools alone are one pool, without a name; where policies are among them, who shares depends on the client."""
        weights = form.weighted
        if not any(isinstance(weight, PartForm) for weight in weights.values()):
            alone = {name: weight for name, weight in weights.items() if not isinstance(weight, PartForm)}
            return self._sharing.unnamed(alone, (*path, "weighted"), self._reading.document.value(*path))
        parts = [self._part(name, weight, (*path, "weighted", name)) for name, weight in weights.items()]
        return Blend(tuple(part for part in parts if part is not None))

    def _part(self, name: str, weight: int | RampForm | PartForm, path: Path) -> tuple[PoolName | Policy, int] | None:
        if isinstance(weight, PartForm):
            policy = self._policy_named(weight.policy, (*path, "policy"))
            return (policy, weight.weight) if policy else None
        if isinstance(weight, RampForm):
            message = "a ramp has no place beside a policy; make a pool of the pools that share, and give that a weight"
            self._reading.complain(self._reading.document.value(*path), message)
            return None
        if not self._reading.knows("pool", name, self._reading.names("pools"), *path, as_key=True):
            return None
        return PoolName(name), weight

    def _nearest(self, form: NearestForm, path: Path) -> Nearest:
        names = [PoolName(name) for name in form.nearest]
        for at, name in enumerate(names):
            self._reading.knows("pool", name, self._reading.names("pools"), *path, "nearest", at)
            self._check_location(name, (*path, "nearest", at))
        self._check_twice(names, (*path, "nearest"))
        for biased in form.bias:
            self._check_bias(biased, form, path)
        biases = tuple((PoolName(name), bias) for name, bias in form.bias.items() if bias)
        return Nearest(tuple(names), biases=biases, ties=form.ties, limit=form.limit)

    def _check_twice(self, steps: Sequence[PoolName | Blend | None], path: Path) -> None:
        for at, step in enumerate(steps):
            if step is not None and step in steps[:at]:
                what = "this policy" if isinstance(step, Blend) else f"pool '{step}'"
                self._reading.complain(self._reading.document.value(*path, at), f"{what} is named twice")

    def _check_location(self, pool: str, path: Path) -> None:
        node = self._reading.document.node("pools", pool)
        if isinstance(node, Table) and "location" not in node:
            message = f"pool '{pool}' has no location, which nearest needs; add location: {{lat: 50.1, lon: 8.7}} to it"
            self._reading.complain(self._reading.document.value(*path), message)

    def _check_bias(self, pool: str, form: NearestForm, path: Path) -> None:
        known = self._reading.names("pools")
        if pool in form.nearest or not self._reading.knows("pool", pool, known, *path, "bias", pool, as_key=True):
            return
        message = f"pool '{pool}' is not among those of nearest, so it can have no bias; name it there"
        self._reading.complain(self._reading.document.key(*path, "bias", pool), message)
