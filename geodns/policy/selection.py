"""The seam of the selections: members + how many addresses → distribution. Each stands in a file of its own."""

from collections.abc import Callable, Sequence

from geodns.model.pool import Member
from geodns.policy.distribution import Distribution

Selection = Callable[[Sequence[Member], int], Distribution]

_registered: dict[str, Selection] = {}


def selection(name: str) -> Callable[[Selection], Selection]:
    """Registers a selection under the word that zone files use.

    It gets at least one member, each with a weight above zero, and the number of addresses wanted in an answer.
    """

    def register(function: Selection) -> Selection:
        assert name not in _registered, f"two selections are called {name}"
        _registered[name] = function
        return function

    return register


def names() -> tuple[str, ...]:
    return tuple(_registered)


def select(name: str, members: Sequence[Member], answers: int) -> Distribution:
    return _registered[name](members, answers)
