"""What the operator gave: zones and databases, and all that is wrong with either."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from geodns.config.networks import parse_network
from geodns.config.problem import ConfigError
from geodns.config.server import GeoPaths, Settings
from geodns.control.inputs import Inputs, read_atlas, read_inputs
from geodns.geo.embedded import embedded
from tests import values
from tests.geo.mmdb_files import mmdb

ZONE = """\
zone: example.com
pools:
  eu: {members: {fra1: {A: 192.0.2.10}}}
  us: {members: {iad1: {A: 198.51.100.10}}}
policies:
  web: {rules: [{network: office, pools: [us]}, {country: DE, pools: [eu]}, {pools: [us]}]}
records:
  "@": {NS: [ns1, ns2]}
  ns1: {A: 192.0.2.53}
  ns2: {A: 192.0.2.54}
  www: {policy: web}
tests:
  - {name: www, from: 9.9.9.9, expect: eu}
  - {name: www, from: 203.0.113.7, expect: us}
"""
DATABASE = mmdb({"9.9.9.0/24": {"country_code": "DE"}, "8.8.8.0/24": {"country_code": "US"}})
ASN = mmdb({"8.8.8.0/24": {"autonomous_system_number": 15169}}, kind="GeoLite2-ASN")
NINE, EIGHT = ip_address("9.9.9.9"), ip_address("8.8.8.8")


def settings(folder: Path, zone: str = ZONE, database: bytes | None = DATABASE) -> Settings:
    (folder / "example.com.yaml").write_text(zone)
    geo = GeoPaths()
    if database is not None:
        (folder / "places.mmdb").write_bytes(database)
        geo = GeoPaths(country=folder / "places.mmdb")
    office = {"office": (parse_network("203.0.113.0/24"),)}
    return Settings(zones=(folder / "example.com.yaml",), geo=geo, networks=office)


def problems(given: Settings) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        read_inputs(given)
    return [str(problem) for problem in refused.value.problems]


def test_a_good_configuration_is_read_as_a_whole(tmp_path: Path) -> None:
    given = settings(tmp_path)
    found = read_inputs(given)
    assert isinstance(found, Inputs)
    assert found.settings is given
    assert [str(zone) for zone in found.zones] == ["example.com."]
    assert found.atlas.place_of(NINE).country == "DE"
    assert found.warnings == ()
    assert found.files == (tmp_path / "example.com.yaml", tmp_path / "places.mmdb")


def test_problems_of_zones_and_databases_are_told_together(tmp_path: Path) -> None:
    zone, database = problems(settings(tmp_path, ZONE.replace("192.0.2.53", "192.0.2.530"), b"no database"))
    assert zone.startswith(f"{tmp_path}/example.com.yaml:9:")
    assert database.startswith(f"{tmp_path}/places.mmdb: ")
    assert database.endswith("get the file again, and put it in place by renaming")


def test_a_missing_database_is_told_with_the_way_out(tmp_path: Path) -> None:
    given = settings(tmp_path)
    (tmp_path / "places.mmdb").unlink()
    assert problems(given) == [
        f"{tmp_path}/places.mmdb: No such file or directory; correct the path under `geo:`, or remove it"
    ]


def test_a_database_that_went_bad_is_a_warning_while_the_last_one_can_go_on(tmp_path: Path) -> None:
    good = read_inputs(settings(tmp_path))
    bad = settings(tmp_path, database=DATABASE[:50])
    found = read_inputs(bad, good.atlas)
    assert found.atlas is good.atlas
    (warning,) = found.warnings
    assert warning.is_warning
    assert str(warning).startswith(f"{tmp_path}/places.mmdb: warning: ")
    assert found.files == good.files, "it is watched, so that a good one is taken when it comes"


def test_the_last_database_does_not_hide_what_is_wrong_with_the_zones(tmp_path: Path) -> None:
    good = read_inputs(settings(tmp_path))
    with pytest.raises(ConfigError) as refused:
        read_inputs(settings(tmp_path, "zone: example.com\n", b""), good.atlas)
    assert {problem.source.file for problem in refused.value.problems} == {f"{tmp_path}/example.com.yaml"}


def test_a_zone_s_failed_tests_are_problems_at_their_lines(tmp_path: Path) -> None:
    turned = ZONE.replace("expect: eu", "expect: us").replace("203.0.113.7, expect: us", "203.0.113.7, expect: eu")
    file = f"{tmp_path}/example.com.yaml"
    why = "mend the zone, or the test; geodns explain www.example.com. --from {} --zones {} says why"
    assert problems(settings(tmp_path, turned)) == [
        f"{file}:13:5: test failed: www A from 9.9.9.9 gives eu (fra1; healthy), expected us; "
        + why.format("9.9.9.9", file),
        f"{file}:14:5: test failed: www A from 203.0.113.7 gives us (iad1; healthy), expected eu; "
        + why.format("203.0.113.7", file),
    ]


def test_failed_tests_are_passed_over_where_nobody_asked_for_them(tmp_path: Path) -> None:
    turned = ZONE.replace("expect: eu", "expect: us")
    assert len(read_inputs(settings(tmp_path, turned), tested=False).zones) == 1


def test_the_tests_see_the_database_that_is_served(tmp_path: Path) -> None:
    elsewhere = mmdb({"9.9.9.0/24": {"country_code": "US"}})
    (said,) = problems(settings(tmp_path, database=elsewhere))
    assert "www A from 9.9.9.9 gives us" in said


def test_without_a_database_the_embedded_one_is_read(tmp_path: Path) -> None:
    atlas, warnings = read_atlas(GeoPaths())
    assert (atlas.name, atlas.digest, warnings) == (embedded().name, embedded().digest, ())


def test_an_asn_database_alone_is_laid_over_the_embedded_one(tmp_path: Path) -> None:
    path = tmp_path / "asn.mmdb"
    path.write_bytes(ASN)
    atlas, warnings = read_atlas(GeoPaths(asn=path))
    own = embedded()
    assert (atlas.place_of(EIGHT).asn, atlas.place_of(NINE).asn) == (15169, None)
    for address in (EIGHT, NINE):
        assert atlas.place_of(address).country == own.place_of(address).country is not None
    assert own.name in atlas.name
    assert warnings == ()


def test_an_asn_database_beside_another_leaves_the_embedded_one_out(tmp_path: Path) -> None:
    for name, content in (("asn.mmdb", ASN), ("places.mmdb", DATABASE)):
        (tmp_path / name).write_bytes(content)
    atlas, _ = read_atlas(GeoPaths(country=tmp_path / "places.mmdb", asn=tmp_path / "asn.mmdb"))
    assert (atlas.place_of(EIGHT).country, atlas.place_of(EIGHT).asn) == ("US", 15169)
    assert atlas.place_of(ip_address("1.1.1.1")).country is None


def test_what_is_odd_about_a_database_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "places.mmdb"
    path.write_bytes(mmdb({"9.9.9.0/24": {"country_code": "QQ"}}))
    _, (warning,) = read_atlas(GeoPaths(country=path), values.atlas())
    assert warning.is_warning
    assert "QQ" in warning.message


def test_progress_is_told_of_zones_and_of_databases(tmp_path: Path) -> None:
    told: dict[str, tuple[int, int | None]] = {}

    def progress(what: str, done: int, total: int | None) -> None:
        told[what] = (done, total)

    read_inputs(settings(tmp_path), progress=progress)
    assert set(told) == {"zones", "databases"}
    assert all(done == total for done, total in told.values())
