"""The body of a PUT → a load that somebody has seen, and for how long it counts. Pure."""

from collections.abc import Mapping
from math import isfinite

from geodns.admin.orders import mapping
from geodns.admin.refusal import Refused
from geodns.config.complaints import show
from geodns.config.durations import parse_duration
from geodns.config.problem import did_you_mean
from geodns.control.reports import EXPIRES

LONGEST = 86400.0  # seconds
MOST = 1e15
_KEYS = ("load", "expires")
_EXAMPLE = '{"load": 9000, "expires": "60s"}'


def parse_load(body: bytes) -> tuple[float, float]:
    """The load, and in how many seconds it is over. Raises Refused."""
    found = mapping(body, _EXAMPLE)
    wrong = [f"unknown key '{key}'{did_you_mean(key, _KEYS)}" for key in found if key not in _KEYS]
    load, expires = 0.0, EXPIRES
    try:
        load = _load(found)
    except ValueError as error:
        wrong.append(str(error))
    try:
        expires = _expires(found)
    except ValueError as error:
        wrong.append(str(error))
    if wrong:
        raise Refused(400, "; ".join(wrong))
    return load, expires


def _load(found: Mapping[str, object]) -> float:
    load = found.get("load")
    if isinstance(load, bool) or not isinstance(load, int | float) or not (isfinite(load) and 0 <= load < MOST):
        raise ValueError(f"'load' is {show(load)}; it has to be a number from 0 on, in what the targets are in")
    return float(load)


def _expires(found: Mapping[str, object]) -> float:
    given = found.get("expires")
    if given is None:
        return EXPIRES
    try:
        seconds = parse_duration(given)
    except ValueError:
        raise ValueError(f"'expires' is {show(given)}; write 60s, or a number of seconds") from None
    if not 1 <= seconds <= LONGEST:
        raise ValueError(f"'expires' is {show(given)}; a load counts for 1 s at least and for a day at most")
    return seconds
