"""The body of a PUT → an override. Pure: the time is an argument; all that is wrong is said at once."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from geodns.admin.instants import parse_instant
from geodns.admin.refusal import Refused
from geodns.config.complaints import show
from geodns.config.durations import parse_duration
from geodns.config.problem import did_you_mean
from geodns.model.pool import State
from geodns.model.verdict import Override

LONGEST_REASON = 200  # characters
LONGEST = 10 * 365 * 86400.0  # seconds; what is to stay names no end
_KEYS = ("state", "reason", "expires")
_EXAMPLE = '{"state": "drain", "reason": "new kernel", "expires": "2h"}'

T = TypeVar("T")


def parse_override(body: bytes, author: str, now: float) -> Override:
    """Raises Refused."""
    found = mapping(body, _EXAMPLE)
    wrong = [f"unknown key '{key}'{did_you_mean(key, _KEYS)}" for key in found if key not in _KEYS]

    def part(parse: Callable[[Mapping[str, object]], T], instead: T) -> T:
        try:
            return parse(found)
        except ValueError as error:
            wrong.append(str(error))
            return instead

    override = Override(
        state=part(_state, State.UP),
        reason=part(_reason, ""),
        author=author,
        set_at=now,
        expires=part(lambda found: _expires(found, now), None),
    )
    if wrong:
        raise Refused(400, "; ".join(wrong))
    return override


def mapping(body: bytes, example: str) -> dict[str, object]:
    """Raises Refused."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, f"the body is no JSON; send {example}") from None
    if not isinstance(found, dict):
        raise Refused(400, f"the body has to be a mapping, such as {example}")
    return found


def _state(found: Mapping[str, object]) -> State:
    states = [state.value for state in State]
    if found.get("state") not in states:
        raise ValueError(f"'state' is {show(found.get('state'))}; it has to be {' or '.join(states)}")
    return State(found["state"])


def _reason(found: Mapping[str, object]) -> str:
    """Required, for whoever finds the member out of service next month."""
    reason = found.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError("'reason' is missing; say in a few words why, for whoever comes after you")
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise ValueError(f"'reason' has to be one line of at most {LONGEST_REASON} characters")
    return reason.strip()


def _expires(found: Mapping[str, object], now: float) -> float | None:
    """In seconds since the epoch. Cases: 1. it stays, 2. a time, 3. a duration from now on."""
    given = found.get("expires")
    if given is None:
        return None
    if isinstance(given, str) and given[4:5] == "-":
        end = _end(given)
    else:
        try:
            end = now + parse_duration(given)
        except ValueError:
            raise ValueError(_no_end(given)) from None
    if end <= now:
        raise ValueError(f"'expires' is {show(given)}, and that is over; leave it out for an override that stays")
    if end > now + LONGEST:
        raise ValueError("'expires' is more than ten years away; leave it out for an override that stays")
    return end


def _end(text: str) -> float:
    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        raise ValueError(_no_end(text)) from None


def _no_end(given: object) -> str:
    return f"'expires' is {show(given)}; write 2h, a number of seconds, or a time such as 2030-01-31T18:00:00Z"
