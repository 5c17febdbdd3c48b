"""Pools + verdicts + route → distribution. Pure: health, place and operators' wishes come in as values.

whereabouts, match, making → route: which pools, in which order; kin, anonymous: worked out once for many.
outside, nesting, timetable, pace, ramp, hold_down, warmth, strength → availability → choice: which of them answers now;
hinting: whose addresses hints are.
distribution, sampling, groups, rendezvous, selection and the selections: how its members share the answers.
supposing: what if · resolving, trial, shortfall: a zone's own tests · view: what copies have · remarks: for operators.

A new selection is one file with one decorated function, named here.
"""

from geodns.policy import (  # each registers itself, in reading order
    all,  # noqa: A004
    least_load,
    random,
    round_robin,
    sticky,
    weighted,
)
from geodns.policy.selection import is_by_client, names, select

__all__ = ["all", "is_by_client", "least_load", "names", "random", "round_robin", "select", "sticky", "weighted"]
