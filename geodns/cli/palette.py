"""Who answers → how it is filled: a colour a pool, stripes where several share.

The colours are those that colour-blind people tell apart too: M. Okabe and K. Ito, "Color Universal Design" (2008),
https://jfly.uni-koeln.de/color/. They are eight; the black one is for clients that get no address. Where there are more
pools than colours, these come again with a pattern.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geodns.control.reach import Answerer, Parts

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
_NOBODY, _EMPTY = "#2b2b2b", "#d5d8dc"
_MOTIFS = (
    "",
    '<circle cx="3" cy="3" r="1.4" fill="#fff"/>',
    '<path d="M0 3h6M3 0v6" stroke="#fff"/>',
    '<circle cx="3" cy="3" r="1.4" fill="#000"/>',
)
_TILE = 6  # a pattern's width and height
_STRIPES = 16  # as many parts, of half a pixel, as a tile of stripes is cut into
_THIN = 2  # parts of the thinnest stripe
_LEAST = 0.01  # a smaller share has no stripe

EMPTY = "empty"  # the class of countries without addresses


@dataclass(frozen=True, slots=True)
class Palette:
    """The pools' classes in the picture: `p0` is the first one's, `nobody` where no address is given."""

    pools: tuple[Answerer, ...]

    def ink(self, pool: Answerer) -> str:
        return "nobody" if pool is None else f"p{self.pools.index(pool)}"

    def fill(self, parts: Parts) -> str:
        """Of a country: `p0`, or `p0_11-p1_5` where five sixteenths are the second pool's and the rest the first's."""
        large = [part for part in parts if part.share >= _LEAST][:3]
        if len(large) < 2:
            return self.ink(parts[0].pool) if parts else EMPTY
        others = [max(_THIN, int(part.share * _STRIPES)) for part in large[1:]]
        widths = (_STRIPES - sum(others), *others)
        return "-".join(f"{self.ink(part.pool)}_{width}" for part, width in zip(large, widths, strict=True))

    def patterns(self, fills: Sequence[str]) -> Iterator[str]:
        """The definitions that the pools, and these fills, need."""
        named = len(self.pools) - (None in self.pools)
        for number in range(len(COLOURS), named):
            colour = COLOURS[number % len(COLOURS)]
            motif = _MOTIFS[number // len(COLOURS) % len(_MOTIFS)]
            yield _pattern(f"p{number}", _TILE, f'<rect width="{_TILE}" height="{_TILE}" fill="{colour}"/>{motif}')
        for fill in fills:
            if "-" in fill:
                yield _pattern(fill, _STRIPES, "".join(self._stripes(fill)), ' patternTransform="rotate(45) scale(.5)"')

    def styles(self, fills: Sequence[str]) -> Iterator[str]:
        yield f".nobody {{ fill: {_NOBODY}; }} .{EMPTY} {{ fill: {_EMPTY}; }}"
        for pool in self.pools:
            if pool is not None:
                yield f".{self.ink(pool)} {{ fill: {self._paint(self.ink(pool))}; }}"
        for fill in fills:
            if "-" in fill:
                yield f".{fill} {{ fill: url(#{fill}); }}"

    def _stripes(self, fill: str) -> Iterator[str]:
        at = 0
        for stripe in fill.split("-"):
            ink, _, width = stripe.partition("_")
            yield f'<rect x="{at}" width="{width}" height="{_STRIPES}" fill="{self._paint(ink)}"/>'
            at += int(width)

    def _paint(self, ink: str) -> str:
        if ink == "nobody":
            return _NOBODY
        number = int(ink[1:])
        return COLOURS[number] if number < len(COLOURS) else f"url(#{ink})"


def _pattern(name: str, size: int, content: str, turned: str = "") -> str:
    units = f'width="{size}" height="{size}" patternUnits="userSpaceOnUse"{turned}'
    return f'<pattern id="{name}" {units}>{content}</pattern>'
