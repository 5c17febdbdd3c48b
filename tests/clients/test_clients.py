"""dig, kdig, drill, delv and dnspython ask a running geodns, by UDP and TCP, IPv4 and IPv6."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dns.flags
import dns.message
import dns.query
import dns.resolver
import dns.zone
import pytest

from tests.clients.commands import COMMANDS, Asked
from tests.daemons import program
from tests.scenarios.server import LOCAL, PATIENCE, Server, serving

pytestmark = pytest.mark.sockets

ZONE = Path(__file__).with_name("asked.zone")
PACKAGES = {"dig": "bind9-dnsutils", "delv": "bind9-dnsutils", "kdig": "knot-dnsutils", "drill": "ldnsutils"}


@pytest.fixture(scope="module")
def geodns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    state = tmp_path_factory.mktemp("geodns") / "state"
    with serving(ZONE, state=state, listen=(LOCAL, "::1"), workers=1) as server:
        yield server


@pytest.mark.parametrize("asked", COMMANDS, ids=lambda asked: str(asked.command))
def test_a_client_is_told_what_it_should(asked: Asked, geodns: Server) -> None:
    program(asked.program, PACKAGES[asked.program])
    command = re.sub(
        r"@([46])", lambda found: f"@{ {'4': LOCAL, '6': '::1'}[found[1]] } -p {geodns.port}", asked.command
    )
    done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=PATIENCE)
    said = " ".join((done.stdout + done.stderr).split())
    for line in asked.shows:
        assert line in said, f"{command}\n{done.stdout}{done.stderr}"
    for line in asked.hides:
        assert line not in said, f"{command}\n{done.stdout}{done.stderr}"


def test_each_client_is_there() -> None:
    assert {asked.program for asked in COMMANDS} == PACKAGES.keys()


@pytest.mark.parametrize("host", [LOCAL, "::1"])
def test_dnspython_comes_back_by_tcp(host: str, geodns: Server) -> None:
    query = dns.message.make_query("big.asked.example", "A", use_edns=0)
    reply, by_tcp = dns.query.udp_with_fallback(query, host, PATIENCE, geodns.port)
    assert by_tcp
    assert len(reply.answer[0]) == 120


def test_dnspython_s_resolver_follows_an_alias(geodns: Server) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [LOCAL], geodns.port
    found = resolver.resolve("alias.asked.example", "A")
    assert [each.to_text() for each in found] == ["192.0.2.80"]
    assert str(found.canonical_name) == "www.asked.example."
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve("gone.asked.example", "A")
    with pytest.raises(dns.resolver.NoAnswer):
        resolver.resolve("www.asked.example", "MX")
