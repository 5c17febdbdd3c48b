"""Entries that change one at a time, and what crashes leave of them."""

from pathlib import Path

import pytest

from geodns.control.folder import StateFolder
from geodns.control.journal import Journal


def journal(folder: Path) -> Journal:
    return Journal(StateFolder(folder), "verdicts")


def test_it_begins_empty(tmp_path: Path) -> None:
    assert journal(tmp_path).read() == {}


def test_changes_are_read_over_what_was_written_whole(tmp_path: Path) -> None:
    first = journal(tmp_path)
    first.rewrite({"a": 1, "b": 2})
    first.append({"b": 3})
    first.append({"c": {"verdict": "down"}, "b": 4})
    assert journal(tmp_path).read() == {"a": 1, "b": 4, "c": {"verdict": "down"}}


def test_null_takes_an_entry_back(tmp_path: Path) -> None:
    first = journal(tmp_path)
    first.append({"a": 1, "b": 2})
    first.append({"a": None})
    assert journal(tmp_path).read() == {"b": 2}


def test_a_change_costs_a_line_however_many_entries_there_are(tmp_path: Path) -> None:
    first = journal(tmp_path)
    first.rewrite({f"entry {number}": number for number in range(1000)})
    whole = (tmp_path / "verdicts.json").stat()
    first.append({"entry 7": 8})
    after = (tmp_path / "verdicts.json").stat()
    assert (whole.st_ino, whole.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert (tmp_path / "verdicts.log").stat().st_size < 30


def test_writing_it_whole_empties_the_log(tmp_path: Path) -> None:
    first = journal(tmp_path)
    first.append({"a": 1, "b": 2})
    assert first.lines == 2
    first.rewrite({"a": 1})
    assert (first.lines, (tmp_path / "verdicts.log").stat().st_size) == (0, 0)
    first.append({"c": 3})
    again = journal(tmp_path)
    assert (again.read(), again.lines) == ({"a": 1, "c": 3}, 1)


@pytest.mark.parametrize(
    ("sentence", "torn"),
    [
        ("cut short", b'{"a": {"verdict": "do'),
        ("no JSON", b"\xff\xfe\n"),
        ("no mapping", b"[1]\n7\n"),
        ("blank", b"\n\n"),
    ],
)
def test_a_damaged_line_costs_no_other(tmp_path: Path, sentence: str, torn: bytes) -> None:
    first = journal(tmp_path)
    first.append({"a": 1})
    with (tmp_path / "verdicts.log").open("ab") as file:
        file.write(torn)
    first.append({"b": 2})
    assert journal(tmp_path).read() == {"a": 1, "b": 2}, sentence


def test_a_crash_between_the_two_files_changes_nothing(tmp_path: Path) -> None:
    first = journal(tmp_path)
    first.append({"a": 1})
    first.append({"a": 2})
    log = (tmp_path / "verdicts.log").read_bytes()
    first.rewrite({"a": 2})
    (tmp_path / "verdicts.log").write_bytes(log)
    assert journal(tmp_path).read() == {"a": 2}
