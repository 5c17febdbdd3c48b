"""geodns map --png: the picture is decoded by Pillow, and its pixels are those that the SVG says."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from PIL import Image, ImageColor

from geodns.cli.main import main
from geodns.cli.palette import COLOURS
from tests.cli.example import settings, written

SVG = "{http://www.w3.org/2000/svg}"
ZOOM = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the same map as map.svg and as map.png."""
    folder = tmp_path_factory.mktemp("map")
    files = ["-o", str(folder / "map.svg"), "--png", str(folder / "map.png")]
    words = ["--zones", str(written(folder)), "-c", str(settings(folder))]
    assert main(["map", "www.example.com", *words, *files]) == 0
    return folder


@pytest.fixture(scope="module")
def svg(folder: Path) -> Element:
    return ElementTree.parse(folder / "map.svg").getroot()


@pytest.fixture(scope="module")
def png(folder: Path) -> Image.Image:
    with Image.open(folder / "map.png") as image:
        assert image.format == "PNG"
        return image.convert("RGBA")


def middle(shape: Element) -> tuple[float, float]:
    """Of a country's longest outline, which goes on by steps from its first point."""
    outlines = []
    for ring in re.findall(r"M([^M]*)z", shape.get("d", "")):
        numbers = [float(text) for text in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", ring)]
        points = [(numbers[0], numbers[1])]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        outlines.append(points)
    xs, ys = zip(*max(outlines, key=len), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def pixel(png: Image.Image, x: float, y: float) -> object:
    return png.getpixel((round(x * ZOOM), round(y * ZOOM)))


def colour(text: str) -> tuple[int, ...]:
    return (*ImageColor.getrgb(text), 255)


def test_the_picture_is_twice_as_wide_as_the_svg_says(svg: Element, png: Image.Image) -> None:
    assert png.size == (ZOOM * int(svg.get("width", "")), ZOOM * int(svg.get("height", "")))
    assert pixel(png, 2, 2) == colour("#fff")


@pytest.mark.parametrize("code", ["FR", "RO", "PL", "DZ", "BR", "AU", "CN", "GL", "US"])
def test_each_country_has_its_colour(code: str, svg: Element, png: Image.Image) -> None:
    (shape,) = (each for each in svg.iter(f"{SVG}path") if each.get("id") == code)
    kind = shape.get("class", "").removeprefix("land ")
    wanted = {"p0": COLOURS[0], "p1": COLOURS[1], "empty": "#d5d8dc"}[kind]
    assert pixel(png, *middle(shape)) == colour(wanted)


def test_the_colours_of_both_pools_and_of_nobody_are_there(png: Image.Image) -> None:
    counts = {found: number for number, found in png.getcolors(1 << 24) or []}
    assert all(counts[colour(each)] > 50_000 for each in COLOURS[:2])


def test_words_are_drawn(png: Image.Image) -> None:
    """The title's line holds dark pixels, which the same line further right does not."""
    title = png.crop((40, 30, 600, 80)).convert("L")
    beside = png.crop((1800, 30, 2360, 80)).convert("L")
    assert min(title.tobytes()) < 100
    assert min(beside.tobytes()) == 255


def test_a_picture_alone_writes_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--zones", str(written(tmp_path)), "-c", str(settings(tmp_path)), "--png", str(tmp_path / "a.png")]
    assert main(["map", "www.example.com", *words]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert main(["map", "www.example.com", *words, "--table"]) == 0
    assert capsys.readouterr().out.startswith("www.example.com. A: policy global")


def test_without_the_extra_the_way_to_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    words = ["--zones", str(written(tmp_path)), "-c", str(settings(tmp_path))]
    assert main(["map", "www.example.com", *words, "--png", str(tmp_path / "a.png")]) == 2
    assert "PNG needs resvg-py, which is not installed: pip install 'geodns[png]'" in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()
    assert main(["map", "www.example.com", *words, "-o", str(tmp_path / "a.svg")]) == 0


def test_a_picture_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--zones", str(written(tmp_path)), "-c", str(settings(tmp_path))]
    file = tmp_path / "missing" / "a.png"
    assert main(["map", "www.example.com", *words, "--png", str(file)]) == 2
    assert f"{file} cannot be written: No such file or directory" in capsys.readouterr().err
