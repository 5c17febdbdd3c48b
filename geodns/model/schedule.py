"""Schedules: times that come again, or come once. Who goes by them says what happens then."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """`length` seconds from each time that the cron expression names, by the clocks of the time zone."""

    cron: str
    length: float
    timezone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Once:
    """From `start` until just before `end`, in seconds since the epoch."""

    start: float
    end: float


Window = Recurring | Once


@dataclass(frozen=True, slots=True)
class Schedule:
    """It runs while one of its windows is open."""

    name: str
    windows: tuple[Window, ...]

    def __str__(self) -> str:
        return self.name
