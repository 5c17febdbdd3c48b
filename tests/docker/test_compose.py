"""compose.yaml, the demo's zone and the files beside them fit each other."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml

from geodns.cli.main import main
from tests.docker.console import read_steps
from tests.docker.demo import compose
from tests.docker.dockerfile import DOCKER, our_stages

COMPOSE = compose()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ZONE: dict[str, Any] = yaml.safe_load((DOCKER / "zones" / "demo.yaml").read_text())
BACKENDS = [name for name in SERVICES if name != "geodns"]
ATTACHED = [(name, network) for name, service in SERVICES.items() for network in service["networks"]]


def _members() -> dict[str, tuple[str, str]]:
    """By name: the pool, and the address."""
    pools = ZONE["pools"].items()
    return {name: (pool, member["A"]) for pool, form in pools for name, member in form["members"].items()}


def test_the_demo_zone_passes_a_strict_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--strict", str(DOCKER / "zones")]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_exists(name: str) -> None:
    for mount in SERVICES[name]["volumes"]:
        source, target, *mode = mount.split(":")
        if source.startswith("."):
            assert (DOCKER / source).exists()
            assert mode == ["ro"]
        else:
            assert source in COMPOSE["volumes"]
            assert target == our_stages()[-1].the("VOLUME").text


@pytest.mark.parametrize(("name", "network"), ATTACHED)
def test_each_service_has_a_fixed_address_in_its_networks(name: str, network: str) -> None:
    (subnet,) = [ip_network(each["subnet"]) for each in COMPOSE["networks"][network]["ipam"]["config"]]
    address = ip_address(SERVICES[name]["networks"][network]["ipv4_address"])
    assert address in subnet
    assert address not in (subnet[0], subnet[1], subnet[-1])  # the network, the engine's own, broadcast


def test_no_two_services_have_one_address() -> None:
    addresses = [SERVICES[name]["networks"][network]["ipv4_address"] for name, network in ATTACHED]
    assert len(set(addresses)) == len(addresses)


def test_there_are_three_backends_in_two_regions_and_the_zone_has_just_them() -> None:
    placed = {name: next(iter(SERVICES[name]["networks"].items())) for name in BACKENDS}
    assert {name: (region, each["ipv4_address"]) for name, (region, each) in placed.items()} == _members()
    assert (len(placed), len({region for region, _ in placed.values()})) == (3, 2)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_listens_where_it_is_probed(name: str) -> None:
    program, script, called, endpoint = SERVICES[name]["entrypoint"]
    assert (program, script, called) == ("python3", "/demo/backend.py", name)
    assert endpoint == f"{_members()[name][1]}:{ZONE['checks']['web']['port']}"


def test_geodns_has_one_capability_and_backends_have_none() -> None:
    given = {name: (service["cap_drop"], service.get("cap_add")) for name, service in SERVICES.items()}
    assert given == {"geodns": (["ALL"], ["NET_BIND_SERVICE"]), **{name: (["ALL"], None) for name in BACKENDS}}


def test_the_image_is_built_once_and_never_sought_in_a_registry() -> None:
    assert {service["image"] for service in SERVICES.values()} == {"geodns:demo"}
    assert [name for name, service in SERVICES.items() if "build" in service] == ["geodns"]
    assert all(SERVICES[name]["pull_policy"] == "never" for name in BACKENDS)
    built = SERVICES["geodns"]["build"]
    assert (DOCKER / built["context"] / built["dockerfile"]).samefile(DOCKER / "Dockerfile")


def test_questions_come_in_by_udp_and_tcp_from_this_machine_only() -> None:
    assert SERVICES["geodns"]["ports"] == ["127.0.0.1:5300:53/udp", "127.0.0.1:5300:53/tcp"]


def test_the_name_servers_of_the_zone_are_geodns_itself() -> None:
    records = ZONE["records"]
    here = {each["ipv4_address"] for each in SERVICES["geodns"]["networks"].values()}
    assert {records[name]["A"] for name in records["@"]["NS"]} == here


def test_the_readme_kills_and_starts_services_that_there_are() -> None:
    told = [step.command.split()[4:] for step in read_steps(DOCKER / "README.md") if "docker compose" in step.command]
    assert {verb for verb, *_ in told} == {"kill", "start", "exec"}
    named = {name for verb, *names in told if verb != "exec" for name in names}
    assert named <= set(BACKENDS)
