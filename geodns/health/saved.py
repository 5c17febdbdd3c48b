"""Verdicts ↔ plain dicts for JSON, so that a restart forgets nobody who was down.

Rules:
- Verdicts only: streaks begin anew, since nobody knows what happened in between.
- A change is saved alone: with its key, and null where a verdict was taken back and nothing is known any more.
- A file that was damaged or written by another version costs no more than what cannot be read of it.
"""

from collections.abc import Mapping

from geodns.health.history import History
from geodns.model.check import Target
from geodns.model.verdict import Verdict


def to_json(histories: Mapping[Target, History]) -> dict[str, object]:
    """`{"example.com./web@192.0.2.10": {"verdict": "down", "since": 1790000000.0, "detail": "timed out after 3 s"}}`"""
    return {
        str(target): _entry(history) for target, history in histories.items() if history.verdict is not Verdict.UNKNOWN
    }


def changes_to_json(histories: Mapping[Target, History]) -> dict[str, object]:
    """What to say over what was saved before."""
    return {
        str(target): None if history.verdict is Verdict.UNKNOWN else _entry(history)
        for target, history in histories.items()
    }


def _entry(history: History) -> dict[str, object]:
    return {"verdict": history.verdict.value, "since": history.since, "detail": history.detail}


def from_json(saved: object) -> dict[str, History]:
    """What `to_json` wrote, by key, for `Ledger(...)`; entries that make no sense are left out."""
    if not isinstance(saved, dict):
        return {}
    read = {key: _history(entry) for key, entry in saved.items() if isinstance(key, str)}
    return {key: history for key, history in read.items() if history is not None}


def _history(entry: object) -> History | None:
    match entry:
        case {"verdict": "up" | "down" as verdict, "since": float() | int() as since, "detail": str() as detail}:
            return History(verdict=Verdict(verdict), since=float(since), detail=detail)
    return None
