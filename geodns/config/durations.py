"""Lengths of time as operators write them: `30s`, `5m`, `1h30m`, `500ms`, `50us`, or a number of seconds."""

import re

UNITS = {"us": 0.000001, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
MAX_TTL = 2**31 - 1  # RFC 2181 §8

_WHOLE = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:[mu]s|[smhdw]))+")
_PART = re.compile(r"([0-9.]+)([mu]s|[smhdw])")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LONGEST = 40  # characters


def parse_duration(value: object) -> float:
    """Seconds. Raises ValueError with a sentence for the operator."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 0 <= value < 1e12:
            return float(value)
    elif isinstance(value, str) and len(value) <= _LONGEST:
        if _NUMBER.fullmatch(value):
            return float(value)
        if _WHOLE.fullmatch(value):
            return sum(float(amount) * UNITS[unit] for amount, unit in _PART.findall(value))
    raise ValueError(f"{_shown(value)} is no duration; write 30s, 5m, 1h30m or a number of seconds")


def parse_ttl(value: object) -> int:
    """Whole seconds, 0 to 2³¹−1. Raises ValueError with a sentence for the operator."""
    seconds = parse_duration(value)
    if not seconds.is_integer():
        raise ValueError(f"{_shown(value)} is no TTL: a TTL has whole seconds")
    if seconds > MAX_TTL:
        raise ValueError(f"{_shown(value)} is no TTL: the largest is {MAX_TTL} seconds")
    return int(seconds)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return f"'{value}'" if isinstance(value, str | int | float) else "a list or a mapping"
