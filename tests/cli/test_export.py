"""geodns export; dnspython reads what was written."""

from pathlib import Path

import dns.zone
import pytest

from geodns.cli.export import file_name
from geodns.cli.main import main
from tests import values
from tests.cli.example import ZONE, changed, written


def test_a_zone_is_written_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(written(tmp_path))]) == 0
    said = capsys.readouterr()
    zone = dns.zone.from_text(said.out)
    assert str(zone.find_rdataset("shop", "CNAME")[0]) == "www"
    assert said.err == "example.com.: 1 name left out, for policies answer for them\n"


def test_a_folder_gets_a_file_a_zone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "zones")
    written(tmp_path / "zones", "zone: example.net\nrecords: {'@': {NS: ns1.example.com.}}\n", "net.yaml")
    out = tmp_path / "new" / "out"
    assert main(["export", str(tmp_path / "zones"), "--out", str(out)]) == 0
    files = [out / "example.com.zone", out / "example.net.zone"]
    assert capsys.readouterr().out.split() == [str(file) for file in files]
    for file in files:
        dns.zone.from_file(str(file)).check_origin()


def test_an_exported_zone_can_be_served_again(tmp_path: Path) -> None:
    main(["export", str(written(tmp_path)), "--out", str(tmp_path / "out")])
    assert main(["check", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize(
    ("zone", "name"),
    [("example.com.", "example.com.zone"), ("0/25.2.0.192.in-addr.arpa.", "0_25.2.0.192.in-addr.arpa.zone")],
)
def test_a_file_is_called_like_its_zone(zone: str, name: str) -> None:
    assert file_name(values.zone(name=zone)) == name


def test_zones_with_problems_are_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(written(tmp_path, ZONE + "quux: 1\n"))]) == 2
    assert "unknown key 'quux'" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = written(tmp_path, "", "taken")
    assert main(["export", str(written(tmp_path, changed())), "--out", str(taken)]) == 2
    assert f"{taken / 'example.com.zone'} cannot be written" in capsys.readouterr().err
