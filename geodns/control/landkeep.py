"""Territories kept on disk under the digest of what they were made from, so that a restart draws none anew."""

import json
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from geodns.model.policy import Made, Route
from geodns.model.pool import PoolName
from geodns.table.lands import Land
from geodns.table.store import write_whole

_MAGIC = b"geodns-land-1\n"
_UNUSED = 7 * 86400  # seconds after which one that nobody asked for is dropped


class LandKeep:
    """`keep` is what draw_lands wants."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, digest: str, make: Callable[[], Land]) -> Land:
        path = self._folder / f"{digest}.land"
        land = _read(path)
        if land is None:
            land = make()
            write_whole(path, _pack(land))
        else:
            path.touch()
        return land

    def prune(self) -> None:
        """What a crash left half written is swept away too."""
        oldest = time.time() - _UNUSED
        for path in self._folder.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _pack(land: Land) -> bytes:
    routes = json.dumps([_plain(route) for route in land.routes]).encode()
    body = len(routes).to_bytes(4, "big") + routes + land.block
    return _MAGIC + blake2b(body, digest_size=32).digest() + body


def _read(path: Path) -> Land | None:
    """None where there is none, or where it is damaged: then it is drawn again."""
    try:
        octets = path.read_bytes()
    except OSError:
        return None
    body = octets[len(_MAGIC) + 32 :]
    if octets[: len(octets) - len(body)] != _MAGIC + blake2b(body, digest_size=32).digest():
        return None
    size = int.from_bytes(body[:4], "big")
    routes = json.loads(body[4 : 4 + size])
    return Land(
        tuple(map(_route, routes)),
        body[4 + size :],
    )


def _plain(route: Route) -> list[object]:
    return [list(route.pools), route.fence, [[made.name, made.parts, made.in_order] for made in route.made]]


def _route(plain: tuple[list[str], bool, list[tuple[str, list[tuple[str, int]], bool]]]) -> Route:
    pools, fence, made = plain
    return Route(
        tuple(map(PoolName, pools)),
        fence,
        tuple(
            Made(PoolName(name), tuple((PoolName(part), weight) for part, weight in parts), in_order)
            for name, parts, in_order in made
        ),
    )
