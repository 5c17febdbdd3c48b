"""geodns reload, said to a real admin endpoint."""

from pathlib import Path

import pytest

from tests.cli.online import Run, online


def test_new_files_are_served_and_their_warnings_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        zone.write_text(zone.read_text().replace("[ns1, ns2]", "[ns1]"))
        code, said, _ = run("reload")
        assert code == 0
        assert f"{zone}:20:3: warning: example.com. has one name server" in said
        assert said.endswith("generation 2 is served\n")

    online(tmp_path, capsys, scenario)


def test_problems_are_told_and_what_was_served_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        zone.write_text(zone.read_text() + "quux: 1\n")
        code, said, _ = run("reload")
        assert code == 1
        assert f"{zone}:27:1: unknown key 'quux'" in said
        assert said.endswith("not reloaded: 1 problem; generation 1 goes on\n")

    online(tmp_path, capsys, scenario)
