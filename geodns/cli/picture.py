"""A reach → SVG: a map of the world, each country in the colour of the pool that answers its clients."""

from collections.abc import Iterator, Mapping

from geodns.cli.legend import legend, legend_height
from geodns.cli.marks import marks
from geodns.cli.palette import EMPTY, Palette
from geodns.cli.reached import database, shares, shown, subtitle
from geodns.cli.svg import Point, path, text, title
from geodns.control.reach import Country, Reach, attributions
from geodns.geo.centroids import countries
from geodns.geo.equal_earth import EDGE, HEIGHT, WIDTH, project, within
from geodns.geo.outlines import ATTRIBUTION, outlines
from geodns.model.place import Location
from geodns.model.pool import Family

_WIDE, _MARGIN, _TOP = 1200, 20, 76
_SCALE = (_WIDE - 2 * _MARGIN) / WIDTH
_BOTTOM = _TOP + HEIGHT * _SCALE
_TINY = 2.6  # radius of the dot of a country that is too small for a shape
_STYLE = """\
text { font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 12px; fill: #22262b; }
.title { font-size: 20px; font-weight: 600; }
.small { font-size: 11px; fill: #5b626b; }
.sea { fill: #f3f6f9; stroke: #b4bcc5; }
.grid { fill: none; stroke: #e2e7ec; stroke-width: .6; }
.land { fill-rule: evenodd; stroke: #fff; stroke-width: .5; stroke-linejoin: round; }
.dot { stroke: #000; stroke-width: 1.5; } .halo { fill: #fff; stroke: none; } .off { fill: #fff; }
.name { font-weight: 600; stroke: #fff; stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; }
.down { font-weight: 400; font-style: italic; }"""


def picture(reach: Reach, first: Family) -> str:
    """Colours tell of the clients of the family `first`; of the other one, where a country has none of that."""
    palette = Palette(tuple(pool.pool for pool in reach.pools))
    fills = {country.code: palette.fill(shown(country, first)) for country in reach.countries}
    below = _BOTTOM + 14
    notes = [*attributions(reach), ATTRIBUTION]
    foot = below + legend_height(reach) + 8
    return "\n".join(
        [
            *_frame(reach, palette, sorted(set(fills.values())), foot + 15 * len(notes)),
            *_head(reach, first),
            *_globe(),
            *_lands(reach, fills),
            *marks(reach.pools, palette, lambda at: _flat(within(at))),
            *legend(reach, palette, first, _MARGIN, below),
            *(text(_MARGIN, foot + 15 * number, words, "small") for number, words in enumerate(notes)),
            "</svg>\n",
        ]
    )


def _frame(reach: Reach, palette: Palette, fills: list[str], height: float) -> Iterator[str]:
    size = f'viewBox="0 0 {_WIDE} {height:.0f}" width="{_WIDE}" height="{height:.0f}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    yield title([f"{reach.name} {reach.type}: where each answer goes"])
    yield "\n".join(["<style>", _STYLE, *palette.styles(fills), "</style>"])
    yield "\n".join(["<defs>", *palette.patterns(fills), "</defs>"])
    yield f'<rect width="{_WIDE}" height="{height:.0f}" fill="#fff"/>'


def _head(reach: Reach, first: Family) -> Iterator[str]:
    yield text(_MARGIN, 34, f"{reach.name} {reach.type}: where each answer goes", "title")
    shown_first, else_shown = ("IPv4", "IPv6") if first is Family.IPV4 else ("IPv6", "IPv4")
    coloured = f"colours: {shown_first} clients, where a country has no {shown_first} those of {else_shown}"
    yield text(_MARGIN, 56, f"{subtitle(reach)}; countries by {database(reach)}; {coloured}", "small")


# ── the globe ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _globe() -> Iterator[str]:
    """Its edge, and a line each 30 degrees. Parallels are straight in this projection, meridians are not."""
    left, right = _meridian(EDGE), _meridian(EDGE + 360)
    yield f'<path class="sea" d="{path([[*left, *reversed(right)]])}"/>'
    meridians = [_meridian(lon) for lon in range(-150, 181, 30)]
    parallels = [(left[at], right[at]) for at in range(6, 31, 6)]  # of points 5 degrees apart
    yield f'<path class="grid" d="{path([*meridians, *parallels], closed=False)}"/>'


def _meridian(lon: float) -> list[Point]:
    return [_flat(Location(lat=lat, lon=lon)) for lat in range(-90, 91, 5)]


def _flat(at: Location) -> Point:
    x, y = project(at)
    return _WIDE / 2 + x * _SCALE, (_TOP + _BOTTOM) / 2 - y * _SCALE


# ── countries ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _lands(reach: Reach, fills: Mapping[str, str]) -> Iterator[str]:
    """Small ones last, as dots, so that nothing lies over them."""
    told = {country.code: country for country in reach.countries}
    for code, rings in outlines().items():
        shape = path([_flat(at) for at in ring] for ring in rings)
        yield f'<path id="{code}" class="land {fills.get(code, EMPTY)}" d="{shape}">{_tip(code, told.get(code))}</path>'
    for code, country in countries().items():
        if code not in outlines():
            x, y = _flat(within(country.location))
            place = f'cx="{x:.1f}" cy="{y:.1f}" r="{_TINY}"'
            kind = f"land {fills.get(code, EMPTY)}"
            yield f'<circle id="{code}" class="{kind}" {place}>{_tip(code, told.get(code))}</circle>'


def _tip(code: str, country: Country | None) -> str:
    lines = [f"{countries()[code].name} ({code})"]
    if country is None:
        return title([*lines, "no addresses in the database"])
    families = (("IPv4", country.ipv4), ("IPv6", country.ipv6))
    return title([*lines, *(f"{family}: {shares(parts) if parts else 'no addresses'}" for family, parts in families)])
