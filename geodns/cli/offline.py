"""Files → edition in memory: what the verbs do that ask no running geodns. Nothing is written."""

import time
from dataclasses import replace
from pathlib import Path

from geodns.cli.fault import CannotDo
from geodns.cli.progress import Progress
from geodns.cli.settings import problems_told, settings_for
from geodns.config.server import Settings
from geodns.control.edition import Edition, compile_edition
from geodns.control.inputs import Inputs, read_inputs
from geodns.model.verdict import CLEAR
from geodns.table.slots import Ledgers


def edition_of(config: Path | None, zones: list[Path], now: float | None = None) -> Edition:
    """As it would be served with everything up, whatever its own tests say. Raises CannotDo with all problems.

    `now`: in seconds since the epoch; None: outside of time, so that two editions differ in nothing but their files.
    """
    with Progress() as progress:
        return compiled(_untested(config, zones, progress), progress, now)


def edition_from(settings: Settings, now: float | None = None) -> Edition:
    """The same of settings that are known."""
    with Progress() as progress:
        return compiled(_read_untested(settings, progress), progress, now)


def inputs_of(config: Path | None, zones: list[Path]) -> Inputs:
    """What an edition would be made of, for those who look at its rules alone. Raises CannotDo with all problems."""
    with Progress() as progress:
        return _untested(config, zones, progress)


def _untested(config: Path | None, zones: list[Path], progress: Progress) -> Inputs:
    with problems_told():
        settings = settings_for(config, zones)
    return _read_untested(settings, progress)


def _read_untested(settings: Settings, progress: Progress) -> Inputs:
    with problems_told():
        return read(settings, progress, tested=False)


def read(settings: Settings, progress: Progress, *, tested: bool = True) -> Inputs:
    """Raises ConfigError, and CannotDo where there is nothing to read."""
    if not settings.zones:
        raise CannotDo("no zones: name zone files or folders, or set `zones` in geodns.yaml and name that with -c")
    return read_inputs(settings, progress=progress, tested=tested)


def compiled(inputs: Inputs, progress: Progress, now: float | None = None) -> Edition:
    try:
        return compile_edition(inputs, replace(CLEAR, now=now), {}, Ledgers.empty(), time.time(), progress=progress)
    finally:
        progress.end()
