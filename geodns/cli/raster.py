"""SVG → PNG, by resvg, which is installed only where it was asked for: `pip install 'geodns[png]'`."""

from types import ModuleType

from geodns.cli.fault import CannotDo

_ZOOM = 2.0  # 2,400 pixels wide: small countries and their names can be told apart


def rasterizer() -> ModuleType:
    """Asked for first, since a map may take a while. Raises CannotDo."""
    try:
        import resvg_py
    except ImportError:
        raise CannotDo(
            "PNG needs resvg-py, which is not installed: pip install 'geodns[png]', or take the SVG with -o FILE"
        ) from None
    return resvg_py


def png_of(svg: str) -> bytes:
    """Raises CannotDo. Words are in the fonts that the system has, of which one has to be DejaVu Sans or like it."""
    octets = rasterizer().svg_to_bytes(svg_string=svg, zoom=_ZOOM)
    assert isinstance(octets, bytes)
    return octets
