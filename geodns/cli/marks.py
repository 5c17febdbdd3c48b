"""Pools → dots with their names, no name over another one or over a dot where there is room."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from geodns.cli.palette import Palette
from geodns.cli.svg import Point, text, title
from geodns.control.reach import PoolReach
from geodns.model.place import Location

_RADIUS = 5.0
_GAP = 8.0  # between a dot's middle and its name
_LETTER, _LINE = 7.2, 14.0  # of names: a letter's width and a line's height, about


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


def marks(pools: Sequence[PoolReach], palette: Palette, point_of: Callable[[Location], Point]) -> Iterator[str]:
    located = [(pool, point_of(pool.location)) for pool in pools if pool.location]
    names = [_name(pool) for pool, _ in located]
    boxes = place([point for _, point in located], [len(name) * _LETTER for name in names])
    for pool, point in located:
        yield _dot(pool, palette.ink(pool.pool), point)
    for (pool, _), name, box in zip(located, names, boxes, strict=True):
        yield text(box.left, box.top + 11, name, "name" if pool.is_up else "name down")


def _name(pool: PoolReach) -> str:
    return f"{pool.pool}" if pool.is_up else f"{pool.pool} (down)"


def _dot(pool: PoolReach, ink: str, at: Point) -> str:
    x, y = at
    place = f'cx="{x:.1f}" cy="{y:.1f}"'
    halo = f'<circle class="halo" {place} r="{_RADIUS + 2}"/>'
    circle = f'<circle class="{ink if pool.is_up else "off"}" {place} r="{_RADIUS}"/>'
    return f'<g class="dot">{title([_name(pool)])}{halo}{circle}{"" if pool.is_up else _cross(at)}</g>'


def _cross(at: Point) -> str:
    x, y = at
    return f'<path d="M{x - 5:.1f} {y - 5:.1f}l10 10m0-10l-10 10"/>'


def place(points: Sequence[Point], widths: Sequence[float]) -> list[Box]:
    """Where each point's name goes: the first of right, left, below and above that is free, else right."""
    dots = [Box(x - _RADIUS, y - _RADIUS, 2 * _RADIUS, 2 * _RADIUS) for x, y in points]
    placed: list[Box] = []
    for own, (point, width) in enumerate(zip(points, widths, strict=True)):
        others = [*placed, *dots[:own], *dots[own + 1 :]]
        choices = list(_choices(point, width))
        placed.append(next((box for box in choices if not any(map(box.meets, others))), choices[0]))
    return placed


def _choices(point: Point, width: float) -> Iterator[Box]:
    x, y = point
    for left, top in (
        (x + _GAP, y - _LINE / 2),
        (x - _GAP - width, y - _LINE / 2),
        (x - width / 2, y + _GAP),
        (x - width / 2, y - _GAP - _LINE),
    ):
        yield Box(left, top, width, _LINE)
