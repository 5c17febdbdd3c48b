"""The state folder: whose it is, where it is, and what a damaged document costs."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geodns.control.folder import CannotUseFolder, StateFolder, default_folder

LOCKED = "from geodns.control.folder import *; import sys, pathlib; StateFolder(pathlib.Path(sys.argv[1])).lock()"


def test_a_folder_is_made_and_taken_until_its_descriptor_is_closed(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "var" / "geodns")
    fd = folder.lock()
    os.close(fd)
    os.close(folder.lock())


def test_a_folder_that_is_taken_is_refused_with_the_way_out(tmp_path: Path) -> None:
    fd = StateFolder(tmp_path).lock()
    try:
        with pytest.raises(CannotUseFolder) as refused:
            StateFolder(tmp_path).lock()
    finally:
        os.close(fd)
    assert str(refused.value) == (
        f"{tmp_path}: another geodns runs on this state folder; end it, or name another one with --state"
    )


def test_another_process_is_refused_too_and_a_child_does_not_hold_on_to_the_lock(tmp_path: Path) -> None:
    fd = StateFolder(tmp_path).lock()
    try:
        other = subprocess.run([sys.executable, "-c", LOCKED, tmp_path], capture_output=True, text=True, check=False)
        assert "another geodns runs on this state folder" in other.stderr
    finally:
        assert not os.get_inheritable(fd)
        os.close(fd)
    assert subprocess.run([sys.executable, "-c", LOCKED, tmp_path], check=False).returncode == 0


SERVED = Path("/etc/geodns/zones")


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"STATE_DIRECTORY": "/var/lib/geodns"}, "/var/lib/geodns"),
        ({"STATE_DIRECTORY": "/var/lib/geodns:/var/lib/more", "HOME": "/root"}, "/var/lib/geodns"),
        ({"XDG_STATE_HOME": "/home/ada/state", "HOME": "/home/ada"}, "/home/ada/state/geodns/zones-TAG"),
        ({"HOME": "/home/ada"}, "/home/ada/.local/state/geodns/zones-TAG"),
        ({"HOME": "/home/ada", "XDG_STATE_HOME": "", "STATE_DIRECTORY": ""}, "/home/ada/.local/state/geodns/zones-TAG"),
        ({}, "/var/lib/.local/state/geodns/zones-TAG"),
        ({"HOME": ""}, "/var/lib/.local/state/geodns/zones-TAG"),
    ],
)
def test_the_default_folder_is_systemd_s_or_one_of_the_user_s(environment: dict[str, str], folder: str) -> None:
    found = default_folder(environment, SERVED)
    assert str(found) == folder.replace("TAG", str(found).rpartition("-")[2])


def test_what_is_served_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = {"HOME": "/home/ada"}
    assert default_folder(home, SERVED) == default_folder(home, SERVED / ".." / "zones")
    assert default_folder(home, SERVED) != default_folder(home, Path("/srv/zones"))
    assert default_folder(home, SERVED / "example.com.yaml").name.startswith("example.com-")
    assert default_folder(home, Path("/")).name.startswith("root-")
    (tmp_path / "zones").mkdir()
    monkeypatch.chdir(tmp_path)
    assert default_folder(home, Path("zones")) == default_folder(home, tmp_path / "zones")


def test_a_document_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.write("serials", {"example.com.": [7, "ü"]})
    folder.write("overrides", {})
    assert (folder.read("serials"), folder.read("overrides")) == ({"example.com.": [7, "ü"]}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["overrides.json", "serials.json"]


def test_a_missing_document_is_empty_and_nobody_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert StateFolder(tmp_path).read("serials") == {}
    assert caplog.records == []


@pytest.mark.parametrize("damaged", [b"", b'{"example.com.": [7', b"\xff\xfe", b"[" * 100_000, b"[1, 2]", b"null"])
def test_a_damaged_document_is_begun_anew_and_that_is_said(
    damaged: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "serials.json").write_bytes(damaged)
    with caplog.at_level(logging.WARNING):
        assert StateFolder(tmp_path).read("serials") == {}
    assert f"{tmp_path}/serials.json cannot be read and is begun anew" in caplog.text


def test_a_document_that_cannot_be_opened_is_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "serials.json").mkdir()
    assert StateFolder(tmp_path).read("serials") == {}
    assert "Is a directory" in caplog.text


def test_a_folder_that_cannot_be_made_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CannotUseFolder) as refused:
        StateFolder(tmp_path / "file" / "state").lock()
    assert str(refused.value) == (
        f"{tmp_path}/file/state: the state folder cannot be written (Not a directory); name another one with --state"
    )
