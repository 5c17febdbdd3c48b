"""BIND, Knot and NSD copy zones from geodns, are told when these change, and then serve the same."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.xfr
import dns.zone
import pytest

from tests.copies import KEY, Records, keyring, records_of
from tests.daemons import program
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, Server, serving
from tests.secondaries.daemons import KINDS, NAME, SECRET, Secondary, Setting, ask, running

pytestmark = pytest.mark.sockets

CORNERS = Path(__file__).parents[1] / "judge" / "corners.zone"
STATIC, STEERED = "corners.example.", "example.com."
YAML = """\
zone: example.com
ttl: 1m
checks: {{web: {{type: tcp, port: 9, interval: 1h}}}}
pools:
  eu: {{check: web, members: {{a: {{A: [127.0.0.2, 127.0.0.3], AAAA: "2001:db8::1"}}, b: {{A: 127.0.0.4, weight: 3}}}}}}
  us: {{members: {{c: {{A: 127.0.0.5}}}}}}
  cdn: {{members: {{d: {{CNAME: www.example.net.}}}}}}
policies:
  global: {{rules: [{{continent: EU, pools: [eu, us]}}, {{pools: [us]}}]}}
records:
  "@": {{NS: [ns1, ns2.example.net.], MX: 10 mail, policy: global}}
  ns1: {{A: 127.0.0.1}}
  www: {{policy: global}}
  "*.wild": {{policy: global}}
  static: {{pool: cdn}}
  mail: {{A: 127.0.0.{mail}, TXT: [{texts}]}}
transfer: {{allow: key secondary, notify: [{told}], policies: {{place: EU/DE}}}}
"""
VIEW = {
    ("example.com.", "A"): {"127.0.0.2", "127.0.0.3", "127.0.0.4"},
    ("www.example.com.", "A"): {"127.0.0.2", "127.0.0.3", "127.0.0.4"},
    ("www.example.com.", "AAAA"): {"2001:db8::1"},
    ("x.wild.example.com.", "A"): {"127.0.0.2", "127.0.0.3", "127.0.0.4"},
    ("static.example.com.", "A"): {"www.example.net."},
}


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with geodns.yaml, the zones, and who is told of changes."""

    folder: Path
    told: str

    def write(self, mail: int = 9, texts: int = 40) -> None:
        listed = ", ".join(f"text {number}" for number in range(texts))
        text = YAML.format(mail=mail, texts=listed, told=self.told)
        (self.folder / "zones" / "example.com.yaml").write_text(text)

    def set_up(self) -> None:
        (self.folder / "zones").mkdir()
        (self.folder / "zones" / "corners.example.zone").write_text(CORNERS.read_text())
        self.write()
        (self.folder / "geodns.yaml").write_text(
            f"zones: zones/\nkeys: {{{NAME}: {{secret: {SECRET}}}}}\n"
            f"transfer: {{allow: key {NAME}, notify: [{self.told}]}}\n"
        )


@contextmanager
def primary(place: Place) -> Iterator[Server]:
    place.set_up()
    with serving(state=place.folder / "state", options=["-c", str(place.folder / "geodns.yaml")], workers=1) as server:
        yield server


def serial(server: Server, zone: str) -> int:
    found: int = server.ask(zone, "SOA").answer[0][0].serial
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Place, list[Secondary]]]:
    """geodns, and all three as its secondaries with both zones."""
    folder = tmp_path_factory.mktemp("primary")
    ports = [free_port(LOCAL) for _ in KINDS]
    place = Place(folder, ", ".join(f'"{LOCAL}:{port} key {NAME}"' for port in ports))
    with primary(place) as server, ExitStack() as stack:
        secondaries = [
            stack.enter_context(
                running(
                    kind, Setting(folder=folder / kind.name, port=port, primary=server.port, zones=(STATIC, STEERED))
                )
            )
            for kind, port in zip(KINDS, ports, strict=True)
        ]
        for each in secondaries:
            for zone in (STATIC, STEERED):
                each.wait_for(zone, serial(server, zone))
        yield server, place, secondaries


def copy(server: Server, zone: str) -> dns.zone.Zone:
    """As dnspython copies it."""
    copied = dns.zone.Zone(zone, relativize=False)
    query, _ = dns.xfr.make_query(
        copied, keyring=keyring(KEY), keyname=dns.name.from_text(NAME), keyalgorithm=KEY.algorithm
    )
    dns.query.inbound_xfr(LOCAL, copied, query, server.port, timeout=20)
    return copied


def folded(reply: dns.message.Message) -> tuple[int, Records]:
    """Knot writes the names in data in lower case."""
    records = {(owner.lower(), rtype, data.lower(), ttl) for owner, rtype, data, ttl in records_of(reply.answer)}
    return reply.rcode(), records


def contents(zone: dns.zone.Zone) -> Records:
    return records_of(
        dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset)) for name, rdataset in zone.iterate_rdatasets()
    )


def test_all_serve_what_geodns_serves(served: tuple[Server, Place, list[Secondary]]) -> None:
    server, _, secondaries = served
    questions = [
        (name.to_text(), dns.rdatatype.to_text(rdataset.rdtype))
        for name, rdataset in copy(server, STATIC).iterate_rdatasets()
    ]
    missing = [("nothing." + name, "A") for name, _ in questions if not name.startswith("\\") and len(name) < 200]
    assert len(questions) > 60
    for name, rtype in (*questions, *missing):
        wanted = server.ask(name, rtype, tcp=True)
        for each in secondaries:
            found = each.ask(name, rtype)
            assert folded(found) == folded(wanted), f"{each.kind.name} answers {name} {rtype} otherwise"


def test_in_place_of_policies_copies_have_the_answer_of_one_client(
    served: tuple[Server, Place, list[Secondary]],
) -> None:
    for each in served[2]:
        for (name, rtype), data in VIEW.items():
            answer = each.ask(name, rtype).answer
            assert {rdata.to_text() for rrset in answer for rdata in rrset} == data, f"{each.kind.name}: {name} {rtype}"


def test_a_change_is_told_and_comes_as_a_difference(served: tuple[Server, Place, list[Secondary]]) -> None:
    server, place, secondaries = served
    for number in (7, 8):
        first = serial(server, STEERED)
        place.write(mail=number)
        server.wait_until(lambda first=first: serial(server, STEERED) != first, "the change is served")  # type: ignore[misc]
        for each in secondaries:
            each.wait_for(STEERED, serial(server, STEERED))
            assert {rdata.to_text() for rdata in each.ask("mail.example.com.", "A").answer[0]} == {f"127.0.0.{number}"}
    differences = [line for line in server.stderr().splitlines() if f"IXFR from serial {first}, 6 records" in line]
    assert len(differences) == len(KINDS), "each had the change as four SOAs and two records"
    rows = server.status()["secondaries"]
    assert len(rows) == 2 * len(KINDS)
    server.wait_until(
        lambda: all(row["acknowledged"] for row in server.status()["secondaries"]), "all have acknowledged all"
    )
    assert server.metric("geodns_secondary_acknowledged") == len(rows)


@pytest.mark.parametrize("flag", ["+tcp", "+notcp"])
def test_dig_and_kdig_copy_zones(served: tuple[Server, Place, list[Secondary]], flag: str) -> None:
    server, place, _ = served
    before = serial(server, STEERED)
    place.write(mail=11 if flag == "+tcp" else 12)
    server.wait_until(lambda: serial(server, STEERED) != before, "the change is served")
    for client in (program("dig", "dnsutils"), program("kdig", "knot-dnsutils")):
        over = [flag] if client.endswith("/dig") else []
        assert len(lines(client, server, "AXFR")) == 1 + len(contents(copy(server, STEERED)))
        assert len(lines(client, server, f"IXFR={before}", *over)) == 6
        assert len(lines(client, server, f"IXFR={serial(server, STEERED)}", *over)) == 1


def lines(client: str, server: Server, *asked: str) -> list[str]:
    """The records that it shows."""
    key = f"{KEY.algorithm}:{NAME}:{SECRET}"
    words = [client, f"@{LOCAL}", "-p", str(server.port), "-y", key, STEERED, *asked]
    text = subprocess.run(words, capture_output=True, text=True, timeout=20, check=True).stdout
    return [line for line in text.splitlines() if "\tIN\t" in line and not line.startswith(";")]


@pytest.mark.parametrize(
    "words", [[], ["-y", f"{KEY.algorithm}:{NAME}:{'A' * 43}="], ["-y", f"hmac-sha512:{NAME}:{SECRET}"]]
)
def test_who_has_no_good_key_copies_nothing(served: tuple[Server, Place, list[Secondary]], words: list[str]) -> None:
    asked = [program("dig", "dnsutils"), f"@{LOCAL}", "-p", str(served[0].port), *words, STEERED, "AXFR"]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False).stdout
    assert "Transfer failed" in said
    assert "\tA\t" not in said


def test_differences_outlive_a_restart(tmp_path: Path) -> None:
    place = Place(tmp_path, "")
    with primary(place) as server:
        first = serial(server, STEERED)
    place.write(mail=7)
    with serving(state=tmp_path / "state", options=["-c", str(tmp_path / "geodns.yaml")], workers=1) as server:
        assert serial(server, STEERED) != first
        query = dns.message.make_query(STEERED, "IXFR")
        soa = f"ns1.example.com. hostmaster.example.com. {first} 1 1 1 1"
        query.authority.append(dns.rrset.from_text(STEERED, 0, "IN", "SOA", soa))
        query.use_tsig(keyring(KEY), NAME, algorithm=KEY.algorithm)
        reply = dns.query.tcp(query, LOCAL, 20, server.port, one_rr_per_rrset=True)
        assert len(reply.answer) == 6
        assert ask(server.port, "mail.example.com.", "A").rcode() == dns.rcode.NOERROR
