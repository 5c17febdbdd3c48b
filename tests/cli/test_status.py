"""geodns status and explain, asked of a real admin endpoint."""

import json
from pathlib import Path

import pytest

from geodns.cli.glance import member_row, status_text
from geodns.cli.paint import Paint
from geodns.cli.shapes import MemberRow, Status, shaped
from tests.cli.online import Run, online
from tests.cli.test_text import Terminal


def test_status_shows_generation_database_and_pools(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        code, said, _ = run("status")
        assert code == 0
        assert said.startswith("geodns 0.1.0, running for ")
        assert "\ngeneration 1, published 20" in said
        assert "\ndatabase DB-IP" in said
        assert "\npool example.com./us  1 of 1 up  healthy\n" in said

    online(tmp_path, capsys, scenario)


def test_status_names_the_members_that_are_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        lines = run("status")[1].splitlines()
        pool = lines.index("pool example.com./eu  1 of 2 up  healthy")
        assert lines[pool + 1] == f"  fra2  192.0.2.11  drain at {zone}:7:7"

    online(tmp_path, capsys, scenario)


def test_status_of_a_degraded_server_names_the_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        zone.write_text("zone: example.com\nrecord: {}\n")
        run("reload")
        said = run("status")[1]
        assert "\nDEGRADED since 20" in said
        assert f"\n  {zone}:2:1: unknown key 'record'; did you mean 'records'?\n" in said

    online(tmp_path, capsys, scenario)


def test_status_is_the_endpoints_own_json_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        assert json.loads(run("status", "--json")[1])["generation"] == 1

    online(tmp_path, capsys, scenario)


def test_explain_asks_the_running_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        code, said, _ = run("explain", "www.example.com", "--from", "203.0.113.7")
        assert code == 0
        assert "zone example.com.: the name itself, generation 1 (checksum " in said
        assert f"policy global, rule 1 at {zone}:" in said
        document = json.loads(run("explain", "www.example.com", "--from", "203.0.113.7", "--json")[1])
        assert document["steering"]["pool"] == "us"

    online(tmp_path, capsys, scenario)


def test_a_question_that_is_none_is_refused_by_the_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def scenario(run: Run, zone: Path) -> None:
        code, _, said = run("explain", "www.example.com", "QUUX", "--from", "192.0.2.1")
        assert code == 2
        assert said.startswith("geodns explain: ")
        assert "QUUX" in said

    online(tmp_path, capsys, scenario)


TROUBLED = {
    "version": "0.1.0",
    "generation": 7,
    "published": "2026-11-22T16:00:00Z",
    "uptime": 7300.0,
    "degraded": False,
    "degraded_since": None,
    "problems": [],
    "warnings": [],
    "isolated": "12 of 12 targets failed at once",
    "workers": [
        {"worker": 0, "generation": 7, "pid": 11, "refused": None},
        {"worker": 1, "generation": 6, "pid": 12, "refused": "the checksum does not fit"},
        {"worker": 2, "generation": 0, "pid": None, "refused": None},
    ],
    "zones": 1,
    "database": None,
    "pools": [{"zone": "e.", "pool": "eu", "members": 1, "up": 0, "healthy": False, "reason": "none of 1 is up"}],
}
DOWN = {
    "member": "fra1",
    "state": "down",
    "up": 0.0,
    "addresses": [
        {"address": "192.0.2.1", "verdict": "down", "since": "2026-11-22T15:00:00Z", "detail": "connection refused"}
    ],
    "override": None,
}


def test_what_is_wrong_is_said_with_its_reason_and_in_colour() -> None:
    text = status_text(
        shaped(Status, TROUBLED), lambda _: [shaped(MemberRow, DOWN)], Paint(Terminal(), {"TERM": "xterm"})
    )
    assert text.splitlines()[2:] == [
        "\x1b[33mthe monitor suspects itself: 12 of 12 targets failed at once\x1b[0m",
        "worker 0  pid 11  serves generation 7",
        "worker 1  pid 12  serves generation 6, refused a newer one: the checksum does not fit",
        "worker 2  pid -   serves nothing yet",
        "pool e./eu  0 of 1 up  \x1b[31mpassed over: none of 1 is up\x1b[0m",
        "  fra1  192.0.2.1  \x1b[31mdown\x1b[0m; 192.0.2.1 since 2026-11-22T15:00:00Z: connection refused",
    ]


def test_a_member_that_is_a_cname_is_shown_with_it() -> None:
    cdn = {**DOWN, "member": "d123", "state": "drain at x.yaml:1:1", "addresses": [], "cname": "d123.example.net."}
    row = member_row(shaped(MemberRow, cdn), Paint(Terminal(), {"NO_COLOR": "1"}))
    assert row == ("d123", "CNAME d123.example.net.", "drain at x.yaml:1:1")


def test_fronts_and_their_certificate_are_shown_where_there_are_any() -> None:
    document = {
        **TROUBLED,
        "fronts": [{"front": 0, "generation": 7, "pid": 4243, "refused": None}],
        "certificate": {"expires": "2027-01-20T16:50:56Z", "broken": True},
    }
    text = status_text(shaped(Status, document), lambda _: [], Paint(Terminal(), {"NO_COLOR": "1"}))
    assert "\ncertificate good until 2027-01-20T16:50:56Z\n" in text
    assert "\nthe certificate's files are broken: the one from before is shown; the log says why\n" in text
    assert "front 0   pid 4243  serves generation 7" in text


def test_secondaries_that_do_not_know_of_the_last_change_are_shown() -> None:
    row = {"zone": "example.com.", "serial": 7, "tries": 5, "since": None}
    document = TROUBLED | {
        "secondaries": [
            {**row, "secondary": "192.0.2.1:53", "acknowledged": True, "error": None},
            {**row, "secondary": "192.0.2.2:53", "acknowledged": None, "error": None},
            {**row, "secondary": "192.0.2.3:53", "acknowledged": False, "error": "it does not reply"},
        ]
    }
    text = status_text(shaped(Status, document), lambda _: [], Paint(Terminal(), {"NO_COLOR": "1"}))
    assert [line for line in text.splitlines() if line.startswith("secondary")] == [
        "secondary 192.0.2.2:53 is being told of serial 7 of example.com.",
        "secondary 192.0.2.3:53 does not know of serial 7 of example.com.: it does not reply",
    ]
