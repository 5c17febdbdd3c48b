"""Editions made of values: what control makes of files, without the files."""

from collections.abc import Sequence

from geodns.config.server import Settings
from geodns.control.edition import Edition, compile_edition
from geodns.control.inputs import Inputs
from geodns.control.serials import Book
from geodns.geo.atlas import Atlas
from geodns.model.verdict import CLEAR, Outlook
from geodns.model.zone import Zone
from geodns.table.slots import Ledgers
from tests import values

NOW = 1_800_000_000.0  # seconds since the epoch


def edition(*zones: Zone, atlas: Atlas | None = None, outlook: Outlook = CLEAR, serials: Book | None = None) -> Edition:
    return compile_edition(inputs(zones, atlas), outlook, serials or {}, Ledgers.empty(), NOW)


def inputs(zones: Sequence[Zone], atlas: Atlas | None = None) -> Inputs:
    return Inputs(settings=Settings(), zones=tuple(zones), atlas=atlas or values.atlas(), warnings=(), files=())
