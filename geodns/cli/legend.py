"""What stands below the map: who has which colour, and how much of the address space."""

from collections.abc import Iterator, Sequence

from geodns.cli.palette import EMPTY, Palette
from geodns.cli.reached import called, countries_of, name_of, shares, shares_of
from geodns.cli.svg import text
from geodns.cli.wording import percent
from geodns.control.reach import NO_COUNTRY, Reach
from geodns.model.pool import Family

_BLOCK, _ROW = 390, 19  # a block of rows; at most three stand side by side
_NAME, _IPV4, _IPV6, _COUNTRIES = 32, 200, 262, 352  # where each column is in its block
_LETTERS = 18  # of a name
_FEW = 5  # rows, below which no second block is begun


def legend(reach: Reach, palette: Palette, first: Family, x: float, y: float) -> Iterator[str]:
    rows = _rows(reach)
    entries = list(_entries(reach, palette, first))
    for number, (ink, *cells) in enumerate(entries):
        left, top = x + number // rows * _BLOCK, y + 20 + number % rows * _ROW
        if number % rows == 0:
            yield from _cells(("", "IPv4", "IPv6", "countries"), left, y + 10, "small")
        yield f'<rect class="{ink}" x="{left:.1f}" y="{top:.1f}" width="24" height="13"/>'
        yield from _cells(cells, left, top + 11)
    for number, words in enumerate(_notes(reach)):
        yield text(x, y + 40 + rows * _ROW + number * 15, words, "small")


def legend_height(reach: Reach) -> float:
    return 40 + _rows(reach) * _ROW + 15 * len(list(_notes(reach)))


def _rows(reach: Reach) -> int:
    return max(_FEW, -(-(len(reach.pools) + 1) // 3))


def _entries(reach: Reach, palette: Palette, first: Family) -> Iterator[tuple[str, ...]]:
    for pool in reach.pools:
        told = percent(pool.ipv4).strip(), percent(pool.ipv6).strip(), countries_of(reach, pool.pool, first)
        yield palette.ink(pool.pool), _short(called(pool)), *told
    yield EMPTY, "not in the database", "", "", ""


def _short(name: str) -> str:
    """What fits before the first column of numbers."""
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


def _cells(cells: Sequence[str], x: float, y: float, kind: str = "") -> Iterator[str]:
    name, *numbers = cells
    yield text(x + _NAME, y, name, kind)
    for words, at in zip(numbers, (_IPV4, _IPV6, _COUNTRIES), strict=True):
        yield text(x + at, y, words, kind, "end")


def _notes(reach: Reach) -> Iterator[str]:
    what = "addresses" if reach.queries is None else "queries"
    yield f"Shares are of the {shares_of(reach)}. (+n): in n more, another pool has more."
    yield f"Stripes: a country's {what} are divided among pools; they are about as wide as the shares."
    for country in reach.countries:
        if country.code == NO_COUNTRY:
            families = (("IPv4", country.ipv4), ("IPv6", country.ipv6))
            told = "; ".join(f"{family}: {shares(parts)}" for family, parts in families if parts)
            yield f"{what.capitalize()} {name_of(country)}: {told}."
