"""/metrics: all families in the Prometheus text form, gathered when they are asked for. No global registry."""

import asyncio
import time
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from geodns.admin import families, transports
from geodns.admin.timings import Timings
from geodns.control.control import Control
from geodns.model.check import Result


class Metrics:
    """Made before Control, which tells it every probe's result."""

    def __init__(self) -> None:
        self._timings = Timings()

    def hear(self, result: Result) -> None:
        self._timings.hear(result)

    async def render(self, control: Control) -> bytes:
        """What goes on changing is gathered at once, and what there is a lot of in a thread."""
        now = time.time()
        changing = list(self._changing(control, now))
        return await asyncio.to_thread(lambda: text_form([*changing, *_of_members(control, now)]))

    def gather(self, control: Control, now: float) -> list[Metric]:
        return [*self._changing(control, now), *_of_members(control, now)]

    def _changing(self, control: Control, now: float) -> Iterator[Metric]:
        yield from families.of_probes(self._timings)
        yield from families.of_process(control, now)
        yield from families.of_copies(control.copies.views(), control.copies.transfers, now)
        yield from families.of_outside(control.outside.views(), control.outside.outcomes, now)
        yield from transports.of_certificates(control.certificates(), now)


def _of_members(control: Control, now: float) -> Iterator[Metric]:
    """Without a good configuration there are no members to tell of; what the workers counted is there still."""
    edition = control.edition
    totals = control.totals()
    yield from families.of_totals(totals)
    yield from transports.of_totals(totals)
    if edition is not None:
        yield from families.of_edition(edition, now)
        yield from families.of_loads(control.loads.seen(edition))


def text_form(gathered: Iterable[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Gathered(gathered))
    return generate_latest(registry)


class _Gathered(Collector):
    """What was gathered, in the form a registry takes."""

    def __init__(self, gathered: Iterable[Metric]) -> None:
        self._gathered = list(gathered)

    def collect(self) -> Iterable[Metric]:
        return self._gathered
