"""The command as a whole: help, version, verbs that there are not, and how a run ends."""

import os
import subprocess
import sys

import pytest

from geodns.answer.speed import SPEED
from geodns.cli.main import main
from geodns.cli.verbs import NAMES
from geodns.geo.embedded import ATTRIBUTION


def test_without_a_verb_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "geodns check zones/" in capsys.readouterr().err


def test_help_lists_every_verb_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    listed = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert [words[0] for words in listed if words[0] in NAMES] == list(NAMES)
    assert all(len(words) > 1 for words in listed)


def test_help_imports_no_package_that_takes_its_time() -> None:
    heavy = "pydantic", "yaml", "dns", "aiohttp", "maxminddb"
    code = f"""
import sys
from geodns.cli.main import make_parser
make_parser().format_help()
print(*set({heavy}) & set(sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True).stdout == b"\n"


@pytest.mark.parametrize("verb", NAMES)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([verb, "--help"])
    assert f"geodns {verb}" in capsys.readouterr().out.partition("\nexample")[2]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("chekc", "there is no verb 'chekc'; did you mean 'check'?"),
        ("Status", "there is no verb 'Status'; did you mean 'status'?"),
        ("quux", "there is no verb 'quux'; known: serve, check, explain,"),
    ],
)
def test_an_unknown_verb_is_answered_with_the_nearest(
    typed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([typed])
    assert said in capsys.readouterr().err


def test_the_version_names_speed_python_and_where_the_geo_data_is_from(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    said = capsys.readouterr().out
    assert said.startswith(f"geodns 0.1.0 ({SPEED}), Python 3.")
    assert ATTRIBUTION in said
    assert "GeoNames" in said


def test_the_python_lines_can_be_asked_for() -> None:
    assert _version({"GEODNS_SPEED": "interpreted"}).startswith("geodns 0.1.0 (interpreted)")


def test_another_speed_is_refused_with_the_one_there_is() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        _version({"GEODNS_SPEED": "fast"})
    assert "GEODNS_SPEED=fast: the only value is interpreted" in caught.value.stderr


def _version(environment: dict[str, str]) -> str:
    argv = [sys.executable, "-m", "geodns", "--version"]
    return subprocess.run(argv, env=os.environ | environment, capture_output=True, text=True, check=True).stdout


def test_the_package_can_be_run_as_a_module() -> None:
    ran = subprocess.run([sys.executable, "-m", "geodns", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("geodns ")


def test_a_reader_who_leaves_early_is_no_fault() -> None:
    ran = subprocess.Popen(
        [sys.executable, "-m", "geodns", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert ran.stdout is not None
    ran.stdout.close()
    _, said = ran.communicate()
    assert (ran.returncode, said) == (2, "")
