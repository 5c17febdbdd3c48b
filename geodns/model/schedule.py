"""Schedules: times that come again, or come once. Who goes by them says what happens then."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from geodns.model.source import Source


def shown_in_utc(seconds: float) -> str:
    """A time for people: `2026-12-24 18:00 UTC`, with its seconds where it has any."""
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at.second else f"{at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """`length` seconds from each time that the cron expression names, by the clocks of the time zone."""

    cron: str
    length: float
    timezone: ZoneInfo

    def __str__(self) -> str:
        return f"{self.cron} {self.timezone} for {timedelta(seconds=self.length)}"


@dataclass(frozen=True, slots=True)
class Once:
    """From `start` until just before `end`, in seconds since the epoch."""

    start: float
    end: float

    def __str__(self) -> str:
        return f"{shown_in_utc(self.start)} to {shown_in_utc(self.end)}"


Window = Recurring | Once


@dataclass(frozen=True, slots=True)
class Schedule:
    """It runs while one of its windows is open."""

    name: str
    windows: tuple[Window, ...]
    source: Source = field(compare=False)  # moving a line makes no other schedule

    def __str__(self) -> str:
        return self.name
