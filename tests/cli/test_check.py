"""geodns check, run on files."""

import json
import shlex
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from geodns.cli.check import faults
from geodns.cli.main import main
from geodns.cli.progress import Progress
from geodns.cli.settings import settings_for
from geodns.control.inputs import read_inputs
from tests.cli.example import changed, written
from tests.serve.certificates import issue

UNUSED = ("records:\n", "records:\n  spare: {pool: eu}\n  spare2: {policy: global}\n")
WARNED = ("NS: [ns1, ns2]", "NS: [ns1]")


def test_a_good_folder_is_counted_and_has_no_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path)
    assert main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "1 zone, 5 names, 1 policy: no problems, no warnings\n"


def test_all_problems_of_all_files_are_told_at_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = written(tmp_path, changed(("weight: 3", "wieght: 3"), ("pools: [eu, us]", "pools: [eu, ur]")))
    second = written(tmp_path, "zone: example.net\nrecord: {}\n", "example.net.yaml")
    assert main(["check", str(first), str(second)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{first}:6:29: unknown key 'wieght'; did you mean 'weight'?" in lines
    assert any(line.startswith(f"{first}:16:39:") and "'ur'" in line for line in lines)
    assert any(line.startswith(f"{second}:2:1: unknown key 'record'") for line in lines)
    assert lines[-1] == "4 problems, no warnings"


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 1)])
def test_warnings_alone_fail_only_the_strict(
    options: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, changed(WARNED))
    assert main(["check", str(file), *options]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{file}:21:3: warning: example.com. has one name server")
    assert lines[-1] == "1 zone, 5 names, 1 policy: no problems, 1 warning"


def test_a_failed_test_of_the_zone_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, changed(("expect: us", "expect: eu")))
    assert main(["check", str(file)]) == 1
    assert f"{file}:27:5: test failed: www A from 203.0.113.7 gives us" in capsys.readouterr().out


def test_the_command_that_a_failed_test_names_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a shell would read it, from a folder whose name needs quotes."""
    row = "{name: www, place: EU/FR, down: [eu, us/iad1], at: 2026-12-24T18:00+01:00, expect: us}"
    text = changed(("{name: www, from: 203.0.113.7, expect: us}", row))
    assert main(["check", str(written(tmp_path / "my zones", text))]) == 1
    told = next(line for line in capsys.readouterr().out.splitlines() if "test failed" in line)
    command = shlex.split(told.partition("mend the zone, or the test; ")[2].removesuffix(" says why"))
    assert command[0] == "geodns"
    assert main(command[1:]) == 0
    said = capsys.readouterr().out
    assert "policy global, rule 2 at " in said
    assert "everything has failed: the pool in full (fail open)" in told
    assert "pool eu answers: everything has failed: the pool in full (fail open)" in said


def test_the_servers_own_networks_are_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "zones", changed(("[203.0.113.0/24]", "[office]")))
    settings = tmp_path / "geodns.yaml"
    settings.write_text("zones: zones\nnetworks: {office: 203.0.113.0/24}\n")
    assert main(["check", "-c", str(settings)]) == 0
    assert main(["check", str(tmp_path / "zones")]) == 1
    assert "office" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("geo: {city: missing.mmdb}\n", "missing.mmdb: No such file or directory"),
        ("listne: 127.0.0.1:53\n", "geodns.yaml:1:1: unknown key 'listne'; did you mean 'listen'?"),
    ],
)
def test_problems_of_the_servers_own_file_are_told(
    settings: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = written(tmp_path, settings, "geodns.yaml")
    assert main(["check", "-c", str(config), str(written(tmp_path / "zones"))]) == 1
    assert said in capsys.readouterr().out


def test_nothing_to_check_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert "name zone files or folders" in capsys.readouterr().err


def test_programs_get_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, changed(WARNED))
    assert main(["check", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["problems"], said["zones"], said["names"], said["policies"]) == ([], 1, 5, 1)
    (warning,) = said["warnings"]
    assert (warning["file"], warning["line"], warning["column"]) == (str(file), 21, 3)


def test_what_cannot_be_compiled_is_laid_to_its_zone(tmp_path: Path) -> None:
    written(tmp_path)
    written(tmp_path, "zone: example.net\nrecords: {'@': {NS: ns1.example.com.}}\n", "net.yaml")
    inputs = read_inputs(settings_for(None, [tmp_path]))
    bad, good = inputs.zones
    broken = replace(inputs, zones=(replace(bad, steered={bad.name: "no such policy"}), good))
    (fault,) = faults(broken, Progress())
    assert str(fault).startswith(f"{bad.source}: example.com. cannot be compiled: KeyError('no such policy'); this is")


def test_the_certificate_is_looked_at_where_it_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "zones", changed())
    file, pair = tmp_path / "geodns.yaml", issue(tmp_path)
    Path(pair.key).chmod(0o600)
    file.write_text("zones: zones\nlisten_tls: 127.0.0.1:853\ntls: {certificate: fullchain.pem, key: privkey.pem}\n")
    assert main(["check", "-c", str(file)]) == 0
    assert capsys.readouterr().out.endswith("no problems, no warnings\n")

    Path(pair.key).chmod(0o644)
    issue(tmp_path, expires_in=timedelta(days=-1))
    Path(pair.key).chmod(0o644)
    assert main(["check", "-c", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"{file}:3:20: warning: {pair.certificate} has expired, so clients will refuse it: have it renewed" in lines
    assert f"{file}:3:40: warning: {pair.key} can be read by everybody on this machine: chmod o-r {pair.key}" in lines

    Path(pair.certificate).unlink()
    assert main(["check", "-c", str(file)]) == 1
    assert f"{file}:3:20: {pair.certificate} cannot be read: No such file or directory" in capsys.readouterr().out
