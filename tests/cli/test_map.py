"""geodns map, run on a folder; an XML parser reads the pictures."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from geodns.cli.main import main
from geodns.geo.centroids import countries
from geodns.geo.outlines import outlines
from tests.cli.example import ZONE, changed, settings, written

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[2]


def mapped(folder: Path, *words: str, zone: str = ZONE) -> int:
    return main(["map", *words, "--zones", str(written(folder, zone)), "-c", str(settings(folder))])


def drawn(folder: Path, *words: str, zone: str = ZONE) -> Element:
    """`www.example.com` with these words after it."""
    file = folder / "map.svg"
    assert mapped(folder, "www.example.com", *words, "-o", str(file), zone=zone) == 0
    return ElementTree.parse(file).getroot()


def by_code(picture: Element) -> Mapping[str, Element]:
    """The countries' shapes and dots."""
    found = [each for each in picture.iter() if "land" in each.get("class", "").split()]
    assert len({each.get("id") for each in found}) == len(found)
    return {each.get("id", ""): each for each in found}


def fill(shape: Element) -> str:
    return shape.get("class", "").removeprefix("land ")


def tip(shape: Element) -> list[str]:
    return (shape.findtext(f"{SVG}title") or "").splitlines()


def words_of(picture: Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


# ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_country_of_the_table_is_a_shape_or_else_a_dot(tmp_path: Path) -> None:
    lands = by_code(drawn(tmp_path))
    assert lands.keys() == countries().keys()
    for code, land in lands.items():
        assert land.tag == f"{SVG}{'path' if code in outlines() else 'circle'}"


def test_each_country_has_the_colour_of_the_pool_that_answers_it(tmp_path: Path) -> None:
    lands = by_code(drawn(tmp_path))
    assert [fill(lands[code]) for code in ("GB", "SE", "US", "JP")] == ["p0", "p0", "p1", "p1"]
    assert tip(lands["GB"])[0] == "United Kingdom (GB)"
    assert tip(lands["GB"])[1] == "IPv4: eu 100 %"


def test_a_country_without_addresses_in_the_database_is_grey(tmp_path: Path) -> None:
    greenland = by_code(drawn(tmp_path))["GL"]
    assert fill(greenland) == "empty"
    assert tip(greenland) == ["Greenland (GL)", "no addresses in the database"]


def test_a_country_without_ipv4_is_coloured_by_its_ipv6_clients(tmp_path: Path) -> None:
    lands = by_code(drawn(tmp_path))
    assert tip(lands["AT"])[1:] == ["IPv4: no addresses", "IPv6: eu 100 %"]
    assert fill(lands["AT"]) == "p0"


def test_countries_that_get_no_address_have_a_colour_of_their_own(tmp_path: Path) -> None:
    zone = changed(("- {continent: [EU], pools: [eu, us]}", "- {continent: [EU], pools: []}"))
    picture = drawn(tmp_path, zone=zone)
    assert fill(by_code(picture)["GB"]) == "nobody"
    assert "no address" in words_of(picture)


DIVIDED = changed(("network: [203.0.113.0/24]", "network: [81.2.69.160/27]"))  # a part of what is in GB


def test_a_divided_country_has_stripes_and_its_numbers(tmp_path: Path) -> None:
    picture = drawn(tmp_path, zone=DIVIDED)
    kingdom = by_code(picture)["GB"]
    pattern = picture.find(f".//{SVG}pattern[@id='{fill(kingdom)}']")
    assert re.fullmatch(r"p0_\d+-p1_\d+", fill(kingdom))
    assert pattern is not None
    assert sum(float(stripe.get("width", "")) for stripe in pattern) == 16
    assert re.fullmatch(r"IPv4: eu [\d.]+ %, us [\d.]+ %", tip(kingdom)[1])
    assert f".{fill(kingdom)} {{ fill: url(#{fill(kingdom)}); }}" in (picture.findtext(f"{SVG}style") or "")


def test_pools_are_dots_with_their_names(tmp_path: Path) -> None:
    picture = drawn(tmp_path)
    dots = [each for each in picture.iter(f"{SVG}g") if each.get("class") == "dot"]
    assert [tip(dot) for dot in dots] == [["eu"], ["us"]]
    names = [each for each in picture.iter(f"{SVG}text") if each.get("class") == "name"]
    assert [name.text for name in names] == ["eu", "us"]


def test_a_pool_that_is_supposed_down_is_marked_and_its_clients_have_another_colour(tmp_path: Path) -> None:
    zone = changed(
        ("network: [203.0.113.0/24]", "country: [SE]"), ("  eu:\n", "  ap: {members: {a: {A: 192.0.2.1}}}\n  eu:\n")
    )
    zone = zone.replace("- {continent: [EU], pools: [eu, us]}", "- {continent: [EU], pools: [eu, ap]}")
    picture = drawn(tmp_path, "--down", "eu", zone=zone)
    assert fill(by_code(picture)["GB"]) == "p0"
    assert "policy global, with eu down" in " ".join(words_of(picture))
    assert [each.text for each in picture.iter(f"{SVG}text") if each.get("class") == "name down"] == ["eu (down)"]


def test_the_title_names_name_type_policy_and_database(tmp_path: Path) -> None:
    title, subtitle, *_ = words_of(drawn(tmp_path, "aaaa"))
    assert title == "www.example.com. AAAA: where each answer goes"
    assert subtitle.startswith(
        "policy global, everything up; countries by GeoIP2-Country-Test.mmdb (GeoIP2-Country) of 20"
    )


def test_the_legend_tells_each_pool_s_shares_and_countries(tmp_path: Path) -> None:
    words = words_of(drawn(tmp_path))
    at = words.index("IPv4")
    header, eu, us = words[at : at + 3], words[at + 3 : at + 7], words[at + 7 : at + 11]
    assert header == ["IPv4", "IPv6", "countries"]
    assert [row[0] for row in (eu, us)] == ["eu", "us"]
    shares = [float(row[1].removesuffix(" %")) for row in (eu, us)]
    assert sum(shares) == pytest.approx(100, abs=0.1)
    assert all(int(row[3]) > 0 for row in (eu, us))


def test_the_picture_needs_nothing_else_and_runs_nothing(tmp_path: Path) -> None:
    picture = drawn(tmp_path)
    tags = {each.tag.removeprefix(SVG) for each in picture.iter()}
    assert tags <= {"svg", "title", "style", "defs", "pattern", "rect", "text", "path", "circle", "g"}
    text = (tmp_path / "map.svg").read_text(encoding="utf-8").partition(" xmlns=")[2]
    assert "href" not in text
    assert "@import" not in text


def test_every_class_of_a_country_has_a_rule(tmp_path: Path) -> None:
    picture = drawn(tmp_path, zone=DIVIDED)
    style = picture.findtext(f"{SVG}style") or ""
    assert all(f".{fill(land)} {{ fill: " in style for land in by_code(picture).values())


def test_the_built_in_database_is_named_with_what_its_licence_asks_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "www.example.com", "--zones", str(ROOT / "zones")]) == 0
    words = words_of(ElementTree.fromstring(capsys.readouterr().out))
    assert any(line.startswith("IP Geolocation by DB-IP (https://db-ip.com)") for line in words)
    assert any("GeoNames" in line for line in words)
    assert any("Natural Earth" in line for line in words)


def test_the_picture_of_the_docs_is_that_of_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    main(["map", "www.example.com", "--zones", str(ROOT / "zones")])
    now = by_code(ElementTree.fromstring(capsys.readouterr().out))
    shown = by_code(ElementTree.parse(ROOT / "docs" / "map.svg").getroot())
    assert {code: (fill(land), tip(land)) for code, land in shown.items()} == {
        code: (fill(land), tip(land)) for code, land in now.items()
    }, "make it anew: geodns map www.example.com --zones zones/ -o docs/map.svg"


# ── the same as text ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_has_a_line_for_each_country_and_pool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mapped(tmp_path, "www.example.com", "--table", zone=DIVIDED) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "www.example.com. A: policy global, everything up"
    kingdom = [line.split()[3:] for line in lines if line.startswith("GB ")]
    assert [row[0] for row in kingdom] == ["eu", "us"]
    assert kingdom[0][-2:] == ["100", "%"]
    assert kingdom[1][-1] == "-", "all of its IPv6 is eu's"


def test_programs_get_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mapped(tmp_path, "www.example.com", "--json", "--down", "us/iad1") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["name"], said["type"], said["down"]) == ("www.example.com.", "A", ["us/iad1"])
    assert [(pool["pool"], pool["is_up"]) for pool in said["pools"]] == [("eu", True), ("us", False)]
    (states,) = (country for country in said["countries"] if country["code"] == "US")
    assert states["ipv4"][0]["share"] == 1.0
    assert any("GeoNames" in line for line in said["attribution"])


def test_shares_are_of_measured_queries_where_a_file_has_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = written(tmp_path, "81.2.69.160/27 30\n81.2.69.192/28 10\n", "queries.txt")
    assert mapped(tmp_path, "www.example.com", "--weights", str(queries), "--table", zone=DIVIDED) == 0
    lines = capsys.readouterr().out.splitlines()
    told = "shares are of the queries that it places in a country, of those measured: "
    assert lines[2] == f"{told}40 from IPv4 clients, 0 from IPv6 clients"
    kingdom = [line.split() for line in lines if line.startswith("GB ")]
    assert [(row[3], row[4]) for row in kingdom] == [("us", "75"), ("eu", "25")]
    words = words_of(drawn(tmp_path, "--weights", str(queries), zone=DIVIDED))
    assert any(line.startswith("Shares are of the queries that it places in a country") for line in words)


def test_a_running_geodns_weighs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "www.example.com", "--weights", "queries.txt"]) == 2
    assert "--weights is for files: name them with --zones, or geodns.yaml with -c" in capsys.readouterr().err


def test_a_form_can_be_written_to_a_file_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mapped(tmp_path, "www.example.com", "--json", "-o", str(tmp_path / "map.json")) == 0
    assert json.loads((tmp_path / "map.json").read_text())["policy"] == "global"
    assert capsys.readouterr().out == ""


# ── what cannot be drawn ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ns1.example.com"], "no policy answers for ns1.example.com.; they do for www.example.com."),
        (["nobody.example.com"], "no policy answers for nobody.example.com."),
        (["www.example.org"], "www.example.org. is in none of the zones"),
        (["www.example.com", "MX"], "policies answer for A and AAAA, and not for MX"),
        (["www.example.com", "--down", "euu"], "example.com. has no pool 'euu'; did you mean 'eu'?"),
    ],
)
def test_what_is_not_steered_is_refused_with_a_sentence(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mapped(tmp_path, *words) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"geodns map: {said}")
    assert told.out == ""


def test_files_with_problems_are_not_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mapped(tmp_path, "www.example.com", zone=ZONE + "quux: 1\n") == 2
    assert "unknown key 'quux'" in capsys.readouterr().err


def test_without_files_a_running_geodns_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "www.example.com", "--admin", "http://127.0.0.1:9"]) == 2
    assert "nothing answers at http://127.0.0.1:9" in capsys.readouterr().err


def test_settings_without_zones_have_nothing_to_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "www.example.com", "-c", str(settings(tmp_path))]) == 2
    assert "no zones: name zone files" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "missing" / "map.svg"
    assert mapped(tmp_path, "www.example.com", "-o", str(file)) == 2
    assert f"{file} cannot be written: No such file or directory" in capsys.readouterr().err


def test_a_terminal_gets_a_hint_and_no_picture() -> None:
    ours, terminal = pty.openpty()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "geodns", "map", "www.example.com", "--zones", "zones"],
            cwd=ROOT,
            stdout=terminal,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(terminal)
        os.close(ours)
    assert ran.returncode == 2
    assert "name a file with -o FILE.svg, or ask for --table" in ran.stderr
