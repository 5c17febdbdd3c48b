"""Pools + verdicts + route → distribution. Pure: health, place and operators' wishes come in as values.

match → route: which pools, in which order · availability → choice: which of them answers now · distribution and the
selections: how its members share the answers · trial: a zone's own tests.

A new selection is one file with one decorated function, named here.
"""

from geodns.policy import all, random, round_robin, sticky, weighted  # noqa: A004  each registers itself, in reading order
from geodns.policy.selection import is_by_client, names, select

__all__ = ["all", "is_by_client", "names", "random", "round_robin", "select", "sticky", "weighted"]
