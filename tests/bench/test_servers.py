"""Facts → the peers' configurations. That the peers take them, the bench itself finds out."""

from pathlib import Path

import pytest

from bench.__main__ import make_parser, wishes_of
from bench.facts import Facts, Network, facts
from bench.install import command, packages
from bench.servers import PEERS, TWO_WORKERS, bind, gdnsd, knot, nsd, pdns
from bench.servers.peer import ALL, Peer
from geodns.cli.main import main as geodns

FEW = Facts(regions=((Network(0x10000000, 12), "us"),), static_zones=("static.example",), hosts=2)
FOLDER = Path("/nowhere")


def test_names_are_told_apart() -> None:
    assert len({peer.name for peer in PEERS}) == len(PEERS)


@pytest.mark.parametrize("peer", [peer for peer in PEERS if peer.is_dns], ids=lambda peer: peer.name)
def test_every_server_is_told_its_port_and_the_static_zone(peer: Peer) -> None:
    setup = peer.setup(FEW, FOLDER, 5399)
    assert any("5399" in content for content in setup.files.values())
    assert any("host1 A 10.0.0.1\n" in content for content in setup.files.values())


@pytest.mark.parametrize(
    ("peer", "path", "line"),
    [
        (gdnsd.GDNSD, "geoip/nets", "16.0.0.0/12 => us\n"),
        (knot.KNOT, "www", "  - net: 16.0.0.0/12\n    A: 192.0.2.2\n"),
        (pdns.PDNS, "geo.yaml", "      16.0.0.0/12: [us.geo.example]\n"),
    ],
)
def test_a_network_leads_to_its_region_in_each_language(peer: Peer, path: str, line: str) -> None:
    assert line in peer.setup(FEW, FOLDER, 5399).files[path]


@pytest.mark.parametrize("peer", [nsd.NSD, bind.BIND])
def test_servers_without_geography_are_asked_static_names_only(peer: Peer) -> None:
    assert not peer.workloads & {"geo", "weighted", "mix"}


def test_geodns_takes_its_own_configuration(tmp_path: Path) -> None:
    setup = PEERS[0].setup(facts(hosts=10), tmp_path, 5399)
    (tmp_path / "zones").mkdir()
    for name, content in setup.files.items():
        (tmp_path / name).write_text(content)
    assert geodns(["check", "-c", str(tmp_path / "geodns.yaml")]) == 0


def test_variants_vary_a_server_that_is_there() -> None:
    names = {peer.name for peer in PEERS if not peer.of_same}
    assert all(peer.of_same in names for peer in PEERS if peer.of_same)
    assert TWO_WORKERS.workloads == ALL


def test_what_to_install_is_told_as_a_command() -> None:
    assert packages([nsd.NSD, gdnsd.GDNSD, nsd.NSD]) == ["gdnsd", "nsd"]
    assert command([knot.KNOT]) == "apt-get install --no-install-recommends knot knot-module-geoip"


def test_a_quick_run_is_one_short_round() -> None:
    wishes = wishes_of(make_parser().parse_args(["--quick", "--servers", "gdnsd,geodns spin"]))
    assert (wishes.rounds, wishes.seconds, wishes.with_balance) == (1, 0.4, False)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--servers", "gdnsd,ndns"], "'ndns' is none of geodns, gdnsd"),
        (["--workloads", "goe"], "'goe' is none of geo, weighted"),
        (["--cores", "1,1"], "'1,1' is no two cores; write 0,1"),
    ],
)
def test_a_wrong_word_is_refused_with_the_right_ones(
    words: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args(words)
    assert fault in capsys.readouterr().err
