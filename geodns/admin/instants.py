"""Times as JSON shows them: RFC 3339 in UTC, whole seconds."""

from datetime import UTC, datetime

_LAST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def instant(seconds: float | None) -> str | None:
    """`2026-11-22T16:39:31Z`; None where there is no time, or never (0)."""
    if not seconds:
        return None
    return datetime.fromtimestamp(min(seconds, _LAST), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def parse_instant(text: str) -> float:
    """Seconds since the epoch. Raises ValueError where this is no RFC 3339 time with its zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("the time zone is missing")
    return found.timestamp()
