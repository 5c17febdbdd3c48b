"""/metrics: all families in the Prometheus text form, gathered when they are asked for. No global registry."""

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from geodns.admin import families
from geodns.admin.timings import Timings
from geodns.control.control import Control
from geodns.model.check import Result


class Metrics:
    """Made before Control, which tells it every probe's result."""

    def __init__(self) -> None:
        self._timings = Timings()

    def hear(self, result: Result) -> None:
        self._timings.hear(result)

    def render(self, control: Control) -> bytes:
        return text_form(self.gather(control, time.time()))

    def gather(self, control: Control, now: float) -> list[Metric]:
        """Without a good configuration there are no members to tell of; what the workers counted is there still."""
        edition = control.edition
        return [
            *families.of_totals(control.totals()),
            *families.of_probes(self._timings),
            *families.of_process(control, now),
            *(families.of_edition(edition, now) if edition else ()),
        ]


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
