"""State + reading → what operators are told of the load of a pool or a member. Pure."""

from dataclasses import dataclass
from math import inf

from geodns.load.band import band_of
from geodns.load.fold import State
from geodns.load.members import Part
from geodns.load.reading import Reading, Report, Seat, heard_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`load` None: nobody knows. `share`: of its clients, or of its weight, what it keeps. `note`: what is odd."""

    load: float | None
    target: float | None
    share: float
    note: str = ""


def seen_pool(state: State, reading: Reading, now: float) -> Seen:
    band, load = reading.band(), reading.load(now)
    return Seen(
        load=load,
        target=band.target if band else None,
        share=state.keep.kept,
        note=_note(reading, load, now) if band or reading.evens else "",
    )


def _note(reading: Reading, load: float | None, now: float) -> str:
    if load is None and any(seat.load(now) is not None for seat in reading.answering()):
        return "too few of its members report: held"
    if load is None:
        return _silence(heard_at(reading), now)
    band = reading.band()
    if band and load > band.upper and reading.relief == 0:
        return "too much, and nobody else is there to take it"
    return ""


def seen_member(state: State, reading: Reading, seat: Seat, now: float) -> Seen:
    part, band, load = state.parts.get(seat.name, Part()), band_of(seat.limit), seat.load(now)
    is_awaited = load is None and (band is not None or reading.evens) and seat.weight > 0
    return Seen(
        load=load,
        target=band.target if band else None,
        share=part.eased * part.evened if reading.evens else part.eased,
        note=_silence(_when(seat.report), now) if is_awaited else "",
    )


def _when(report: Report | None) -> float:
    return report.at if report else -inf


def _silence(since: float, now: float) -> str:
    return "no report yet" if since == -inf else f"no report for {now - since:.0f} s: held"
