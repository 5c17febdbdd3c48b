"""geodns drain, down, up and clear, said to a real admin endpoint."""

from pathlib import Path

import pytest

from geodns.cli.main import main
from geodns.cli.override import _by_hand
from tests.cli.online import Run, online


@pytest.mark.parametrize("verb", ["drain", "down"])
def test_a_member_leaves_the_answers_and_comes_back(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def scenario(run: Run, zone: Path) -> None:
        code, said, _ = run(verb, "example.com/us/iad1", "--reason", "new kernel")
        assert code == 0
        assert said.splitlines() == [
            "pool example.com./us, 0 of 1 up, passed over: operators have taken out every member",
            f"  iad1  198.51.100.10  {verb} by local: new kernel",
        ]
        assert "pool us is passed over" in run("explain", "www.example.com", "--from", "203.0.113.7")[1]
        assert run("clear", "example.com/us/iad1")[1].splitlines() == [
            "pool example.com./us, 1 of 1 up, healthy",
            "  iad1  198.51.100.10  up (not checked)",
        ]

    online(tmp_path, capsys, scenario)


def test_a_member_is_declared_up_for_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        _, said, _ = run("up", "example.com/eu/fra2", "--reason", "it is well", "--for", "2h")
        assert "  fra2  192.0.2.11  up by local: it is well, until 20" in said

    online(tmp_path, capsys, scenario)


def test_what_is_taken_back_of_a_member_that_is_gone_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def scenario(run: Run, zone: Path) -> None:
        run("drain", "example.com/eu/fra1")
        text = zone.read_text()
        zone.write_text(text.replace("fra1:", "fra9:"))
        assert run("reload")[0] == 0
        said = run("clear", "example.com/eu/fra1")
        assert said == (0, "taken back; the configuration has no member eu/fra1 in example.com now\n", "")

    online(tmp_path, capsys, scenario)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["drain", "example.com/eu/fra7"], "'fra7'"),
        (["drain", "example.com/ue/fra1"], "'ue'"),
        (["drain", "example.org/eu/fra1"], "'example.org'"),
        (["clear", "example.com/eu/fra1"], "nobody has overridden eu/fra1 in example.com."),
    ],
)
def test_what_is_not_there_is_named(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def scenario(run: Run, zone: Path) -> None:
        code, _, complaint = run(*words)
        assert code == 2
        assert complaint.startswith(f"geodns {words[0]}: ")
        assert said in complaint

    online(tmp_path, capsys, scenario)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["drain", "fra1"], "'fra1' names no member; write ZONE/POOL/MEMBER, as in example.com/eu/fra1"),
        (["drain", "eu/fra1"], "names no member"),
        (["drain", "example.com/eu/fra1", "--for", "soon"], "'soon' is no duration; write 30s, 5m"),
        (["drain", "example.com/eu/fra1", "--reason", " "], "the reason is empty"),
    ],
)
def test_wrong_words_are_told_before_anything_is_asked(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "reason"),
    [({"USER": "ann"}, "by hand (ann)"), ({"LOGNAME": "ann"}, "by hand (ann)"), ({}, "by hand")],
)
def test_without_a_reason_the_user_is_named(environment: dict[str, str], reason: str) -> None:
    assert _by_hand(environment) == reason
