"""geodns diff of generations: of what they were made from, read back from the state folder."""

import asyncio
import json
from pathlib import Path

import pytest

from geodns.cli.main import main
from geodns.config.server import load_settings
from geodns.control.control import Control
from geodns.control.folder import StateFolder
from geodns.control.totals import Tallies
from geodns.control.workers import Workers
from tests.cli.example import DATABASE, ZONE, changed, written
from tests.geo.mmdb_files import mmdb

EDITED = changed(("continent: [EU], pools: [eu, us]", "continent: [EU], pools: [us, eu]"))


class Host:
    """geodns.yaml, a folder of zones, and the state folder of a geodns that has served each text in turn."""

    def __init__(self, folder: Path, *texts: str, networks: str = "") -> None:
        self.folder = folder
        self.zones = folder / "zones"
        self.state = folder / "state"
        self.config = written(folder, f"zones: zones\ngeo: {{country: {DATABASE}}}\n{networks}", "geodns.yaml")
        asyncio.run(self._serve(texts))

    async def _serve(self, texts: tuple[str, ...]) -> None:
        state = StateFolder(self.state)
        self.state.mkdir()
        settings = load_settings(self.config)
        control = Control(lambda: settings, state, Workers([]), Tallies([]), first_verdicts=0)
        for text in texts:
            written(self.zones, text)
            assert (await control.reload()).ok

    def diff(self, *words: str) -> int:
        return main(["diff", *words, "--state", str(self.state)])


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path, ZONE, EDITED)


def test_two_generations_are_compared(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert host.diff("generation:1", "generation:2") == 1
    said = capsys.readouterr()
    first, *rows = said.out.splitlines()
    assert (first, said.err) == ("www.example.com. A", "")
    assert [row.split()[-3:] for row in rows] == [["eu", "→", "us"]] * 2
    assert host.diff("generation:2", "generation:2") == 0
    assert host.diff("generation:2", "generation:served") == 0


def test_a_generation_is_compared_with_files(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert host.diff("generation:2", str(host.zones)) == 0
    assert host.diff("generation:1", str(host.zones), "-c", str(host.config)) == 1
    capsys.readouterr()
    assert host.diff(str(host.zones), "generation:1", "--json") == 1
    assert json.loads(capsys.readouterr().out)["moves"][0]["ipv4"][0]["to"] == "eu"


def test_without_old_what_is_served_is_compared_with_the_files(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    assert host.diff() == 0
    written(host.zones, EDITED.replace("shop: {CNAME: www}", "blog: {CNAME: www}"))
    for words in ([], ["-c", str(host.config)], [str(host.zones)], ["generation:2"]):
        capsys.readouterr()
        assert host.diff(*words) == 1
        assert capsys.readouterr().out == "blog.example.com.  CNAME added\nshop.example.com.  CNAME removed\n"


def test_the_state_folder_is_found_as_serve_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    host = Host(tmp_path, ZONE, EDITED)
    config = written(tmp_path, host.config.read_text() + "state: state\n", "other.yaml")
    assert main(["diff", "generation:1", "generation:2", "-c", str(config)]) == 1
    monkeypatch.setenv("STATE_DIRECTORY", str(host.state))
    assert main(["diff", "generation:1", str(host.zones)]) == 1
    monkeypatch.delenv("STATE_DIRECTORY")
    capsys.readouterr()
    assert main(["diff", "generation:1", "generation:2"]) == 2
    assert "name it with --state, or geodns.yaml with -c" in capsys.readouterr().err


def test_each_generation_has_the_networks_that_it_had(tmp_path: Path) -> None:
    networks = "networks: {office: [81.0.0.0/8]}\n"
    text = ZONE.replace("network: [203.0.113.0/24]", "network: [office]").replace(
        "from: 203.0.113.7", "from: 81.200.1.1"
    )
    host = Host(tmp_path, text, networks=networks)
    written(tmp_path, host.config.read_text().replace("81.0.0.0/8", "81.128.0.0/9"), "geodns.yaml")
    assert host.diff("generation:1", str(host.zones)) == 0, "the networks are those of the generation"
    assert host.diff("generation:1", "-c", str(host.config)) == 1, "and here those of the file"


def test_a_database_that_is_not_there_any_more_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "own.mmdb"
    database.write_bytes(mmdb({"9.9.9.0/24": {"country_code": "DE"}}))
    host = Host.__new__(Host)
    host.folder, host.zones, host.state = tmp_path, tmp_path / "zones", tmp_path / "state"
    host.config = written(tmp_path, f"zones: zones\ngeo: {{country: {database}}}\n", "geodns.yaml")
    asyncio.run(host._serve((ZONE, EDITED)))
    database.write_bytes(mmdb({"9.9.8.0/24": {"country_code": "DE"}}))
    assert host.diff("generation:1", "generation:2") == 1
    note = "note: generation:1 (configuration of generation 1) had the database own.mmdb"
    assert note in capsys.readouterr().err
    database.unlink()
    assert host.diff("generation:1", "generation:2") == 2
    assert "own.mmdb" in capsys.readouterr().err
    assert host.diff("generation:1", "generation:2", "-c", str(written(tmp_path, "workers: 1\n", "plain.yaml"))) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["generation:0", "generation:2"], "the configuration of generation 0 is not in"),
        (["generation:0", "generation:2"], "the oldest kept is that of generation 1; name another state folder"),
        (
            ["generation:last", "generation:2"],
            "'generation:last' is no generation; write generation:42 or generation:served",
        ),
    ],
)
def test_a_generation_that_is_not_kept_is_told(
    words: list[str], said: str, host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    assert host.diff(*words) == 2
    assert said in capsys.readouterr().err


def test_an_empty_state_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(written(tmp_path)), "--state", str(tmp_path)]) == 2
    assert f"there is no generation in {tmp_path}; name the state folder" in capsys.readouterr().err
