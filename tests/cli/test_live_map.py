"""geodns map of a running geodns: with its health, its overrides and its generation."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.online import Run, online

SVG = "{http://www.w3.org/2000/svg}"


def test_the_map_is_that_of_the_moment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        code, said, _ = run("map", "www.example.com", "--table")
        assert code == 0
        first, *_, attribution = said.splitlines()
        assert first == "www.example.com. A: policy global, as generation 1 serves it"
        assert "GeoNames" in attribution
        assert pools(run) == {"us": (True, 1.0), "eu": (True, 0.0)}
        assert run("drain", "example.com/us/iad1", "--reason", "test")[0] == 0
        assert pools(run) == {"us": (False, 0.0), "eu": (True, 1.0)}
        assert pools(run, "--down", "eu/fra1")["eu"] == (False, 1.0), "down, and open: the rest is drained"

    online(tmp_path, capsys, scenario)


def pools(run: Run, *words: str) -> dict[str, tuple[bool, float]]:
    code, said, wrong = run("map", "www.example.com", "--json", *words)
    assert (code, wrong) == (0, "")
    return {pool["pool"]: (pool["is_up"], pool["ipv4"]) for pool in json.loads(said)["pools"] if pool["pool"]}


def test_the_picture_is_drawn_from_what_the_server_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        assert run("drain", "example.com/us/iad1", "--reason", "test")[0] == 0
        code, said, _ = run("map", "www.example.com", "AAAA", "--ipv6")
        assert code == 0
        words = [each.text or "" for each in ElementTree.fromstring(said).iter(f"{SVG}text")]
        assert words[0] == "www.example.com. AAAA: where each answer goes"
        assert words[1].startswith("policy global, as generation 2 serves it; countries by")
        assert "us (down)" in words

    online(tmp_path, capsys, scenario)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody.example.com"], "no policy answers for nobody.example.com."),
        (["www.example.com", "--down", "euu"], "example.com. has no pool 'euu'; did you mean 'eu'?"),
    ],
)
def test_what_the_server_refuses_is_told(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def scenario(run: Run, zone: Path) -> None:
        code, out, wrong = run("map", *words, "--table")
        assert (code, out) == (2, "")
        assert wrong.startswith(f"geodns map: {said}")

    online(tmp_path, capsys, scenario)
