"""geodns explain, asked of files."""

import json
import re
from pathlib import Path

import pytest

from geodns.cli.main import main
from tests.cli.example import ZONE, settings, written


def explained(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    assert main(["explain", *words, "--zones", str(written(folder)), "-c", str(settings(folder))]) == 0
    return capsys.readouterr().out


def test_an_answer_is_led_back_to_its_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *lines, scope, rcode, record = explained(
        capsys, tmp_path, "www.example.com", "--from", "203.0.113.7"
    ).splitlines()
    assert first.startswith("www.example.com. A from 203.0.113.7 (")
    assert lines == [
        "  zone example.com.: the name itself",
        "  places by GeoIP2-Country-Test.mmdb (GeoIP2-Country), built 2023-11-28 (sha256 0285e442b58e)",
        "  client 203.0.113.7: the client subnet",
        f"  policy global, rule 1 at {tmp_path / 'example.com.yaml'}:15:9 → us",
        "  pool us answers: healthy",
        "    iad1    100 %  198.51.100.10  up (not checked)",
        "  ttl 30: the policy's",
    ]
    assert scope.startswith("  scope 24: ")
    assert (rcode, record) == ("  NOERROR", "    www.example.com. 30 IN A 198.51.100.10")


def test_members_are_shown_with_their_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, tmp_path, "www.example.com", "--from", "81.2.69.160")
    assert "fra1     75 %  192.0.2.10  up" in said
    assert "fra2     25 %  192.0.2.11  up" in said


def test_no_address_of_a_family_is_said_to_be_no_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "  NOERROR, no data\n" in explained(capsys, tmp_path, "www.example.com", "AAAA", "--from", "203.0.113.7")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ns1.example.com", "scope 0: the answer is the same for everybody"),
        ("missing.example.com", "NXDOMAIN"),
        ("example.org", "in none of the zones served here"),
    ],
)
def test_names_without_a_policy_are_explained_too(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in explained(capsys, tmp_path, name, "--from", "203.0.113.7")


def test_programs_get_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = json.loads(explained(capsys, tmp_path, "www.example.com", "--from", "203.0.113.7", "--json"))
    assert said["steering"]["pool"] == "us"
    assert said["scope"] == 24


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["www.example.com", "QUUX"], "QUUX"),
        (["www..example.com"], "www..example.com"),
        (["www.example.com", "AXFR"], "transfers"),
    ],
)
def test_a_question_that_is_none_is_refused(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *words, "--from", "192.0.2.1", "--zones", str(written(tmp_path))]) == 2
    assert said in capsys.readouterr().err


def test_files_with_problems_explain_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, ZONE + "quux: 1\n")
    assert main(["explain", "www.example.com", "--from", "192.0.2.1", "--zones", str(file)]) == 2
    assert "unknown key 'quux'" in capsys.readouterr().err


def test_a_client_is_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["explain", "www.example.com", "--from", "home"])
    assert "'home' is no address; write 192.0.2.1 or 2001:db8::1" in capsys.readouterr().err


def test_settings_without_zones_are_refused_rather_than_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "www.example.com", "--from", "192.0.2.1", "-c", "geodns.yaml"]) == 2
    assert "-c is for --zones" in capsys.readouterr().err


def test_suppositions_are_said_before_what_comes_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, tmp_path, "www.example.com", "--place", "EU/GB", "--down", "eu/fra1")
    assert "\n  supposing that eu/fra1 is down\n" in said
    assert "fra1      0 %  192.0.2.10  down" in said
    assert "fra2    100 %  192.0.2.11  up" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--place", "Europe"], "'Europe' is no continent"),
        (["--place", "EU", "--from", "192.0.2.1"], "not allowed with argument"),
        ([], "one of the arguments --from --place is required"),
    ],
)
def test_who_asks_is_said_in_one_way(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["explain", "www.example.com", *words])
    assert said in capsys.readouterr().err


def test_a_client_that_is_kept_is_told_by_which_prefix_and_on_whom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, ZONE.replace("select: weighted", "select: sticky"))
    assert main(["explain", "www.example.com", "--from", "81.2.69.160", "--zones", str(file)]) == 0
    said = capsys.readouterr().out
    kept = re.search(
        r"^  sticky: clients in 81\.2\.69\.0/24 get (\w+); the shares are those of all clients$", said, re.M
    )
    assert kept is not None
    assert f"    {kept[1]}  " in said
    assert "  scope 24: 81.2.69.0/24 is what the client is known by (sticky)" in said


def test_why_a_part_of_a_pool_of_pools_has_no_share_is_told_beside_its_members(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = ZONE.replace("      fra2: {A: 192.0.2.11}\n", "      fra2: {A: 192.0.2.11}\n    min_healthy: 2\n")
    zone = zone.replace("pools: [us, eu]}", "pools: {weighted: {eu: 1, us: 1}}}")
    file = written(tmp_path, zone)
    words = ["--from", "8.8.8.8", "--down", "eu/fra1", "--zones", str(file)]
    assert main(["explain", "www.example.com", *words]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.startswith("    eu/")}
    assert rows["eu/fra1"].endswith("  down, as is supposed")
    assert rows["eu/fra2"].endswith("  up; its pool is passed over: 1 of 2 members up, min_healthy is 2")
