"""geodns diff, run on two folders."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from geodns.cli.main import main
from tests.cli.example import changed, settings, written


def test_the_same_zones_do_not_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = written(tmp_path / "old"), written(tmp_path / "new")
    assert main(["diff", str(old), str(new), "-c", str(settings(tmp_path))]) == 0
    assert capsys.readouterr().out == "no difference\n"


def test_changed_names_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = written(tmp_path / "old")
    new = written(tmp_path / "new", changed(("  shop: {CNAME: www}\n", "  blog: {CNAME: www}\n")))
    assert main(["diff", str(old), str(new), "-c", str(settings(tmp_path))]) == 1
    assert capsys.readouterr().out == "blog.example.com.  CNAME added\nshop.example.com.  CNAME removed\n"


def test_the_share_of_the_clients_that_moves_is_told_by_family(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = written(tmp_path / "old")
    new = written(tmp_path / "new", changed(("continent: [EU], pools: [eu, us]", "continent: [EU], pools: [us, eu]")))
    assert main(["diff", str(old), str(new), "-c", str(settings(tmp_path))]) == 1
    first, *rows = capsys.readouterr().out.splitlines()
    assert first == "www.example.com. A"
    assert [row.split()[0] for row in rows] == ["IPv4", "IPv6"]
    assert all(row.endswith(" %  eu → us") for row in rows)


def test_names_that_move_together_are_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = "".join(f"  w{number}: {{policy: global}}\n" for number in range(10))
    same = ("tests:", f"{many}tests:")
    old = written(tmp_path / "old", changed(same))
    new = written(tmp_path / "new", changed(same, ("[us, eu]", "[eu, us]")))
    assert main(["diff", str(old), str(new), "-c", str(settings(tmp_path))]) == 1
    assert "w7.example.com. and 3 more A\n" in capsys.readouterr().out


def test_programs_get_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = written(tmp_path / "old")
    new = written(tmp_path / "new", changed(("[us, eu]", "[eu, us]")))
    assert main(["diff", str(old), str(new), "-c", str(settings(tmp_path)), "--json"]) == 1
    (moves,) = json.loads(capsys.readouterr().out)["moves"]
    assert (moves["names"], moves["ipv4"][0]["from"], moves["ipv4"][0]["to"]) == (["www.example.com."], "us", "eu")


def test_shares_are_of_measured_queries_where_a_file_has_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = written(tmp_path / "old")
    new = written(tmp_path / "new", changed(("continent: [EU], pools: [eu, us]", "continent: [EU], pools: [us, eu]")))
    queries = written(tmp_path, "# measured\n81.2.69.160/27 3000\n8.8.8.0/24 1000\n", "queries.txt")
    words = ["diff", str(old), str(new), "-c", str(settings(tmp_path)), "--weights", str(queries)]
    assert main(words) == 1
    assert capsys.readouterr().out.splitlines() == [
        "www.example.com. A",
        "  IPv4 queries     75 %  3,000  eu → us",
        "  IPv6 queries      0 %  0      eu → us",
        "shares are of the queries measured: 4,000 from IPv4 clients, 0 from IPv6 clients",
    ]
    assert main([*words, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["queries"] == {"ipv4": 4000.0, "ipv6": 0.0}
    assert said["moves"][0]["ipv4"] == [{"from": "eu", "to": "us", "share": 0.75, "queries": 3000.0}]


def test_counts_with_problems_weigh_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, queries = written(tmp_path / "old"), written(tmp_path, "8.8.8.8/24 5\n", "queries.txt")
    assert main(["diff", str(old), str(old), "-c", str(settings(tmp_path)), "--weights", str(queries)]) == 2
    assert f"{queries}:1:1: '8.8.8.8/24' has bits set past its prefix length" in capsys.readouterr().err


def test_files_with_problems_are_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = written(tmp_path / "old"), written(tmp_path / "new", "zone: 1\n")
    assert main(["diff", str(old), str(new), "-c", str(settings(tmp_path))]) == 2
    assert f"{new}:1:7: " in capsys.readouterr().err


def test_an_edit_that_fails_the_zones_own_tests_can_be_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = "zone: example.com\npools: {a: {members: {m: {A: 192.0.2.1}}}, b: {members: {m: {A: 192.0.2.2}}}}\n"
    zone += "records: {'@': {NS: [ns1, ns2]}, ns1: {A: 192.0.2.3}, ns2: {A: 192.0.2.4}, www: {policy: p}}\n"
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    tested = "tests: [{name: www, place: EU/DE, expect: a}]\n"
    old.write_text(zone + "policies: {p: {pools: [a, b]}}\n" + tested)
    new.write_text(zone + "policies: {p: {pools: [b, a]}}\n" + tested)
    assert main(["check", str(new)]) == 1
    capsys.readouterr()
    assert main(["diff", str(old), str(new)]) == 1
    assert "100 %" in capsys.readouterr().out


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One commit with a zone in `zones`, which has been edited since. The command runs below its top."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    here = tmp_path / "top" / "here"
    written(here / "zones")
    git(tmp_path / "top", "init")
    git(tmp_path / "top", "add", ".")
    git(tmp_path / "top", "commit", "-m", "zones")
    written(here / "zones", changed(("  shop: {CNAME: www}\n", "  blog: {CNAME: www}\n")))
    monkeypatch.chdir(here)
    return here


@pytest.mark.parametrize("path", ["zones", "zones/", "zones/example.com.yaml"])
def test_what_git_has_can_be_compared_with(
    path: str, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", f"HEAD:{path}", path, "-c", str(settings(tmp_path))]) == 1
    assert capsys.readouterr().out == "blog.example.com.  CNAME added\nshop.example.com.  CNAME removed\n"


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("HEAD~9:zones", "git has no 'HEAD~9:zones': "),
        ("HEAD:zoens", "git has no 'HEAD:zoens': "),
        (":zones", "':zones' is no file, no folder and no REVISION:PATH, such as HEAD~1:zones"),
    ],
)
def test_what_git_has_not_is_told(
    old: str, said: str, repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", old, "zones", "-c", str(settings(tmp_path))]) == 2
    assert said in capsys.readouterr().err


def test_a_schedule_that_moves_clients_is_told_for_the_time_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_, shut = (tmp_path / f"{name}.yaml" for name in ("old", "new"))
    text = """\
zone: example.com
schedules: {night: {cron: "0 22 * * *", for: 8h}}
pools:
  a: {members: {x: {A: 192.0.2.1}}}
  b: {SHUTmembers: {y: {A: 192.0.2.2}}}
records: {"@": {NS: [ns1, ns2]}, ns1: {A: 192.0.2.53}, ns2: {A: 192.0.2.54}, www: {policy: p}}
policies: {p: {pools: [b, a]}}
"""
    open_.write_text(text.replace("SHUT", "when: night, "))
    shut.write_text(text.replace("SHUT", "when: night, maintenance: night, "))
    assert main(["diff", str(open_), str(shut), "--at", "2026-11-25T23:00"]) == 1
    assert "100 %  b → a" in capsys.readouterr().out
    assert main(["diff", str(open_), str(shut), "--at", "2026-11-25T12:00"]) == 1
    assert "→ a" not in capsys.readouterr().out
