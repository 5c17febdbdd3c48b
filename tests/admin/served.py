"""A real admin endpoint over a real control, in a temporary folder. No workers; no probes unless a test runs them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from geodns.admin.app import serve_admin
from geodns.admin.metrics import Metrics
from geodns.config.networks import parse_endpoint
from geodns.config.server import AdminSettings, Settings
from geodns.control.control import CannotStart, Control
from geodns.control.folder import StateFolder
from geodns.control.totals import Tallies
from geodns.control.workers import Workers

ZONE = """\
zone: example.com
ttl: 5m
checks:
  web: {type: tcp, port: 9, interval: 10s}
pools:
  eu:
    check: web
    members:
      fra1: {A: [192.0.2.10, 192.0.2.11], AAAA: "2001:db8::10", weight: 3}
      fra2: {A: 192.0.2.12, state: drain}
  us:
    members:
      iad1: {A: 198.51.100.10}
policies:
  global:
    rules:
      - {network: 203.0.113.0/24, pools: [us]}
      - {pools: [eu, us]}
    ttl: 30s
records:
  "@": {NS: [ns1]}
  ns1: {A: 192.0.2.53}
  www: {policy: global}
"""
MEMBERS = "/api/v1/zones/example.com/pools/eu/members"
FRA1 = f"{MEMBERS}/fra1/override"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def error(self) -> str:
        return str(self.json["error"])

    def rows(self, key: str) -> list[dict[str, object]]:
        found = self.json[key]
        assert isinstance(found, list)
        return found

    def part(self, key: str) -> dict[str, object]:
        found = self.json[key]
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a test has in hand: control, the zone's file, and the endpoint."""

    control: Control
    metrics: Metrics
    zone: Path
    port: int
    session: aiohttp.ClientSession
    address: str = "127.0.0.1"

    async def ask(
        self,
        method: str,
        path: str,
        document: object = None,
        *,
        token: str | None = None,
        body: bytes | None = None,
        **headers: str,
    ) -> Reply:
        """`document` goes as JSON, `body` as it is; of header names, `_` stands for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if document is not None:
            body = json.dumps(document).encode()
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        url = f"http://{self.address}:{self.port}{path}"
        async with self.session.request(method, url, data=body, headers=sent, allow_redirects=False) as response:
            return Reply(status=response.status, headers=dict(response.headers), body=await response.read())

    async def get(self, path: str, *, token: str | None = None, **headers: str) -> Reply:
        return await self.ask("GET", path, None, token=token, body=None, **headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fds:
    """What control is given of its workers and fronts."""

    channels: tuple[int, ...] = ()
    memories: tuple[int, ...] = ()
    front_channels: tuple[int, ...] = ()
    front_memories: tuple[int, ...] = ()


NO_WORKERS = Fds()


def new_control(folder: Path, metrics: Metrics, zone: str = ZONE, fds: Fds = NO_WORKERS) -> tuple[Control, Path]:
    """Its state folder and its zone file lie in the folder."""
    path = folder / "example.com.yaml"
    path.write_text(zone)
    settings = Settings(zones=(path,), workers=0)
    state = StateFolder(folder / "state")
    state.path.mkdir(exist_ok=True)
    # The zone's members have documentation addresses: nobody may be probed.
    control = Control(
        lambda: settings,
        state,
        Workers(fds.channels, fds.front_channels),
        Tallies(fds.memories, fds.front_memories),
        heard=metrics.hear,
        first_verdicts=0,
    )
    return control, path


@asynccontextmanager
async def admin(
    folder: Path, settings: AdminSettings, zone: str = ZONE, fds: Fds = NO_WORKERS
) -> AsyncIterator[Served]:
    metrics = Metrics()
    control, path = new_control(folder, metrics, zone, fds)
    control.workers.listen()
    with suppress(CannotStart):
        await control.start()
    where: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(serve_admin(control, settings, metrics, started=where.set_result))
        _, port = await where
        async with aiohttp.ClientSession() as session:
            yield Served(control=control, metrics=metrics, zone=path, port=port, session=session)
        serving.cancel()
        control.workers.close()


def serve(
    folder: Path,
    scenario: Callable[[Served], Coroutine[None, None, None]],
    *,
    zone: str = ZONE,
    tokens: Path | None = None,
    hosts: tuple[str, ...] = (),
    fds: Fds = NO_WORKERS,
) -> None:
    """Runs the scenario against an endpoint of its own."""

    async def run() -> None:
        settings = AdminSettings(listen=parse_endpoint("127.0.0.1:0"), tokens=tokens, hosts=hosts)
        async with admin(folder, settings, zone, fds) as served:
            await scenario(served)

    asyncio.run(run())
