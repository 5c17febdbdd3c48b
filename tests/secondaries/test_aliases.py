"""An ALIAS to a name elsewhere has that name's addresses on secondaries too, and others when these have changed."""

from pathlib import Path

import pytest

from tests.primaries import primary
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, Server, serving
from tests.secondaries.daemons import KNOT, NAME, SECRET, Secondary, Setting, running

pytestmark = pytest.mark.sockets

ZONE = "example.com."
ELSEWHERE = """\
$ORIGIN example.org.
@ 300 IN SOA ns1 hostmaster {serial} 300 300 3600 60
@ 300 IN NS ns1
ns1 300 IN A 192.0.2.53
www 1 IN A 192.0.2.{serial}
www 1 IN A 192.0.2.99
"""
TEXT = """\
zone: example.com
records:
  "@": {{NS: ns1, ALIAS: www.example.org.}}
  ns1: {{A: 127.0.0.1}}
  more: {{TXT: [{texts}]}}
transfer: {{allow: key {key}, notify: "127.0.0.1:{told} key {key}", policies: {{place: EU/DE}}}}
"""


def serial(server: Server) -> int:
    found: int = server.ask(ZONE, "SOA").answer[0][0].serial
    return found


def test_a_secondary_follows_the_addresses_of_a_name_elsewhere(tmp_path: Path) -> None:
    told = free_port(LOCAL)
    zone, settings = tmp_path / "example.com.yaml", tmp_path / "geodns.yaml"
    zone.write_text(TEXT.format(key=NAME, told=told, texts=", ".join(f"text {number}" for number in range(40))))
    with primary("named", tmp_path / "named", ELSEWHERE.format(serial=7)) as elsewhere:
        settings.write_text(
            f"zones: {zone.name}\nkeys: {{{NAME}: {{secret: {SECRET}}}}}\nresolvers: '{LOCAL}:{elsewhere.port}'\n"
        )
        with (
            serving(state=tmp_path / "state", options=["-c", str(settings)], workers=1) as server,
            running(
                KNOT, Setting(folder=tmp_path / "knot", port=told, primary=server.port, zones=(ZONE,))
            ) as secondary,
        ):
            follows(server, secondary, {"192.0.2.7", "192.0.2.99"})
            before = serial(server)
            elsewhere.change(ELSEWHERE.format(serial=8))
            follows(server, secondary, {"192.0.2.8", "192.0.2.99"})
            assert f"IXFR from serial {before}, 6 records" in server.stderr()


def follows(server: Server, secondary: Secondary, addresses: set[str]) -> None:
    """Both have them, under one serial."""

    def has_them() -> bool:
        if secondary.serial(ZONE) != serial(server):
            return False
        answer = secondary.ask(ZONE, "A").answer
        return {rdata.to_text() for rrset in answer for rdata in rrset} == addresses

    server.wait_until(has_them, f"the secondary has {addresses}")
    assert set(server.addresses(ZONE)) == addresses
