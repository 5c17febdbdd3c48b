"""The seam of the selections: members + how many addresses → distribution. Each stands in a file of its own."""

from collections.abc import Callable, Sequence

from geodns.model.policy import Policy
from geodns.model.pool import Member, Pool, Pools
from geodns.policy.distribution import Distribution
from geodns.policy.groups import most_answers

Selection = Callable[[Sequence[Member], int], Distribution]

_registered: dict[str, Selection] = {}
_by_client: set[str] = set()


def selection(name: str, *, by_client: bool = False) -> Callable[[Selection], Selection]:
    """Registers a selection under the word that zone files use.

    It gets at least one member, each with a weight above zero, and the number of addresses wanted in an answer, which
    is no more than there are groups, where there are any.
    `by_client`: its distributions have buckets of clients, and whom a client gets hangs on no ticket.
    """

    def register(function: Selection) -> Selection:
        assert name not in _registered, f"two selections are called {name}"
        _registered[name] = function
        if by_client:
            _by_client.add(name)
        return function

    return register


def names() -> tuple[str, ...]:
    return tuple(_registered)


def is_by_client(name: str) -> bool:
    return name in _by_client


def selection_of(policy: Policy, pool: Pool, *, sharing: bool = False) -> str:
    """By which the members of the pool are chosen for this policy. `sharing`: other pools take some of its clients.

    Pools share by weight, so one that takes all members alike would not do where several of them answer.
    """
    chosen = policy.select if policy.select_is_final else pool.select or policy.select
    return "weighted" if (pool.parts or sharing) and chosen == "round_robin" else chosen


def tells_clients_apart(policy: Policy, pools: Pools) -> bool:
    """Whether two clients with the same route may be kept on different members."""
    return any(is_by_client(selection_of(policy, pools[name])) for name in policy.pools())


def select(name: str, members: Sequence[Member], answers: int) -> Distribution:
    return _registered[name](members, most_answers(members, answers))
