"""A folder with a zone, a small database and a state folder: what there is in a host, as far as control sees it."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

from geodns.config.server import GeoPaths, Settings
from geodns.control.control import Control
from geodns.control.folder import StateFolder
from geodns.control.totals import Tallies
from geodns.control.workers import Workers
from geodns.model.name import parse_name
from geodns.model.pool import PoolName, State
from geodns.model.verdict import MemberKey, Override
from tests.control.waiting import PATIENCE
from tests.geo.mmdb_files import mmdb
from tests.world import Client, addresses

ZONE = """\
zone: example.com
checks:
  web: {type: tcp, port: 9}
pools:
  eu: {check: web, members: {fra1: {A: 192.0.2.10}, fra2: {A: 192.0.2.11}}}
policies:
  web: {rules: [{pools: [eu]}]}
records:
  "@": {NS: [ns1, ns2]}
  ns1: {A: 192.0.2.53}
  ns2: {A: 192.0.2.54}
  www: {policy: web}
"""
BROKEN = ZONE.replace("zone:", "zoen:")
FRA1 = MemberKey(parse_name("example.com."), PoolName("eu"), "fra1")


class Place:
    def __init__(self, folder: Path) -> None:
        self.zone = folder / "example.com.yaml"
        self.zone.write_text(ZONE)
        database = folder / "places.mmdb"
        database.write_bytes(mmdb({"9.9.9.0/24": {"country_code": "DE"}}))
        self.settings = Settings(zones=(self.zone,), geo=GeoPaths(country=database))
        self.state = StateFolder(folder / "state")
        self.state.path.mkdir()

    def control(self, *channels: int, first_verdicts: float = 0, renewed: float = 60.0) -> Control:
        """By default nobody is probed before `run`: most zones here have documentation addresses."""
        return Control(
            lambda: self.settings,
            self.state,
            Workers(channels),
            Tallies([]),
            first_verdicts=first_verdicts,
            renewed=renewed,
        )

    def block(self) -> None:
        """The disk takes no generation any more, whoever asks; what workers have mapped stays."""
        (self.state.path / "parts").rename(self.state.path / "aside")
        (self.state.path / "parts").write_text("no folder")

    def unblock(self) -> None:
        (self.state.path / "parts").unlink()
        (self.state.path / "aside").rename(self.state.path / "parts")


def run(scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(2 * PATIENCE):
            await scenario()

    asyncio.run(bounded())


def drain(expires: float | None = None) -> Override:
    return Override(state=State.DRAIN, reason="new kernel", author="ada", set_at=time.time(), expires=expires)


def served(control: Control) -> set[str]:
    assert control.edition is not None
    client = Client(control.edition.table)
    return {address for _ in range(4) for address in addresses(client.ask("www.example.com."))}


def messages(control: Control) -> str:
    return "\n".join(map(str, control.problems))


def stale_since(control: Control) -> float | None:
    return control.degraded_since
