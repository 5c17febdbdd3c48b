"""geodns load, and what explain and status say of loads."""

from pathlib import Path

import pytest

from geodns.cli.load_text import load_text
from geodns.cli.main import main
from tests.cli.example import changed, settings
from tests.cli.online import ZONE, Run, online

LIMITED = ZONE.replace("  eu:\n", "  eu:\n    load: {target: 8000, max: 10000}\n", 1).replace("[us, eu]", "[eu, us]")


def test_a_load_that_is_told_is_shown_by_status_and_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        assert LIMITED != ZONE
        assert (
            "pool example.com./eu  1 of 2 up  healthy; load unknown, target 8,000 (no report yet)" in run("status")[1]
        )
        code, said, _ = run("load", "example.com/eu", "7500", "--for", "5m")
        assert code == 0
        assert said.startswith("example.com/eu has a load of 7,500, until 20")
        assert run("load", "example.com/eu/fra1", "0.75")[1].startswith("example.com/eu/fra1 has a load of 0.75, until")
        told = run("load", "example.com/us", "5")[1]
        assert told.endswith(
            "; nothing follows from it: give the pool load: {target: 8000}, or choose from it by least_load\n"
        )
        assert "healthy; load 7,500, target 8,000\n" in run("status")[1]
        said = run("explain", "www.example.com", "--from", "9.9.9.9")[1]
        assert "  load of eu: 7,500, target 8,000\n  load of eu/fra1: 0.75\n" in said

    online(tmp_path, capsys, scenario, zone=LIMITED)


def test_explain_supposes_a_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        said = run("explain", "www.example.com", "--from", "9.9.9.9", "--load", "eu=17000")[1]
        assert "  supposing that eu would have a load of 17,000, did it keep all\n" in said
        assert "pool eu answers: healthy, and keeps 50 % of the clients\n    fra1     50 %  192.0.2.10" in said
        assert "pool us answers 50 % of the clients, left by those before it\n    iad1     50 %  198.51.100.10" in said

    online(tmp_path, capsys, scenario, zone=LIMITED)


def test_so_it_does_of_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "example.com.yaml"
    file.write_text(LIMITED)
    words = ["explain", "www.example.com", "--from", "9.9.9.9", "--zones", str(file), "-c", str(settings(tmp_path))]
    assert main([*words, "--load", "eu=17000"]) == 0
    assert "and keeps 50 % of the clients" in capsys.readouterr().out
    assert main([*words, "--load", "eu"]) == 2
    assert "'eu' supposes no load; write us=12000, or us/iad1=3000 for a member" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["example.com", "1"], "'example.com' names no pool; write ZONE/POOL, as in example.com/eu"),
        (["example.com/eu", "much"], "'much' is no load; write a number from 0 on"),
        (["example.com/eu", "nan"], "'nan' is no load; write a number from 0 on"),
        (
            ["example.com/eu", "1", "--for", "soon"],
            "'soon' is no duration; write 30s, 5m, 1h30m or a number of seconds",
        ),
    ],
)
def test_what_is_wrong_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["load", *words])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "load", "target", "share", "note", "is_member"),
    [
        ("9,213, target 8,000, keeps 70 % of its clients", 9213.4, 8000.0, 0.7, None, False),
        ("unknown, target 8,000 (no report for 95 s: held)", None, 8000.0, 1.0, "no report for 95 s: held", False),
        ("0.7532, has 50 % of its weight", 0.75321, None, 0.5, "", True),
        ("3", 3.0, None, 1.0, None, True),
    ],
)
def test_a_load_in_words(
    text: str, load: float | None, target: float | None, share: float, note: str | None, is_member: bool
) -> None:
    assert load_text(load, target, share, note, is_member=is_member) == text


def test_the_example_of_the_pages_has_no_load_to_tell_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        assert "load" not in run("status")[1]
        assert "load" not in run("explain", "www.example.com", "--from", "9.9.9.9")[1]

    online(tmp_path, capsys, scenario, zone=changed())
