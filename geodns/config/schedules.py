"""`schedules:` → Schedule, and the names of schedules that pools and members go by."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from geodns.config.fields import moment as parse
from geodns.config.forms import WindowForm
from geodns.config.reading import Reading
from geodns.config.tree import Node, Path, Rows, value_of
from geodns.model.schedule import Once, Recurring, Schedule, Window

Schedules = Mapping[str, Schedule]


def read_schedules(reading: Reading) -> Schedules:
    """The well-formed schedules of the zone by name."""
    return {
        name: Schedule(name, tuple(_windows(reading, name, node)), reading.document.key("schedules", name))
        for name, node in reading.entries("schedules")
    }


def schedules_named(reading: Reading, names: Sequence[str], schedules: Schedules, path: Path) -> tuple[Schedule, ...]:
    """Those that are there; complains of the others."""
    known = reading.names("schedules")
    for at, name in enumerate(names):
        reading.knows("schedule", name, known, *path, at)
    return tuple(schedules[name] for name in names if name in schedules)


def seconds(moment: datetime, timezone: str) -> float:
    """Since the epoch. A time without an offset is by the clocks of the time zone."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))).timestamp()


def parse_moment(text: str) -> float:
    """Seconds since the epoch; without an offset it is UTC. Raises ValueError with a sentence."""
    return seconds(parse(text), "UTC")


def _windows(reading: Reading, name: str, node: Node) -> Iterator[Window]:
    items: list[tuple[Node, Path]] = [(node, ("schedules", name))]
    if isinstance(node, Rows):
        items = [(item, ("schedules", name, at)) for at, item in enumerate(node)]
    for item, path in items:
        form = reading.form(WindowForm, value_of(item), *path)
        window = _window(reading, form, path) if form else None
        if window is not None:
            yield window


def _window(reading: Reading, form: WindowForm, path: Path) -> Window | None:
    """Cases: 1. one that comes again, 2. one that comes once, 3. neither, or both."""
    match form:
        case WindowForm(cron=str(cron), for_=float(length), from_=None, until=None):
            return Recurring(cron=cron, length=length, timezone=ZoneInfo(form.timezone))
        case WindowForm(cron=None, from_=datetime(), until=datetime() as until, for_=None):
            return _once(reading, form, seconds(until, form.timezone), path)
        case WindowForm(cron=None, from_=datetime() as begin, until=None, for_=float(length)):
            return _once(reading, form, seconds(begin, form.timezone) + length, path)
    message = "a schedule needs 'cron' and 'for', or 'from' with 'until' or 'for'"
    reading.complain(reading.document.value(*path), message)
    return None


def _once(reading: Reading, form: WindowForm, end: float, path: Path) -> Once | None:
    assert form.from_ is not None
    start = seconds(form.from_, form.timezone)
    if end <= start:
        reading.complain(reading.document.value(*path, "until"), "'until' is not later than 'from'")
        return None
    return Once(start, end)
