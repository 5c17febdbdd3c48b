"""What is fuzzed: octets → a part of geodns → laws. Each is one function; what it raises is a finding."""

from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from fuzz import laws
from fuzz.desk import CLIENTS, Asked
from geodns.config.lint import lint
from geodns.config.marked import parse
from geodns.config.master import parse_master, write_master
from geodns.config.problem import ConfigError
from geodns.config.reading import Reading
from geodns.config.transfers import STRANGERS
from geodns.config.yaml_zone import read_zone
from geodns.control.inputs import VOCABULARY
from geodns.geo.mmdb import BadDatabase, read
from geodns.policy.trial import failures
from tests.values import atlas
from tests.world import table_of

Target = Callable[[bytes], None]
_asked = Asked()
NO_PLACES = atlas()


def packet(octets: bytes) -> None:
    """The first octet says how the packet comes, and from whom; the rest is the packet."""
    if not octets:
        return
    stream = bool(octets[0] & 1)
    reply = _asked.ask(octets[1:], stream=stream, client=CLIENTS[octets[0] // 2 % len(CLIENTS)])
    laws.hold(octets[1:], reply, stream=stream)
    if _asked.faults():
        raise laws.Broken("answering raised an exception")


def zone(octets: bytes) -> None:
    """A zone file in YAML has problems, each with its place, or is a zone that a table can be made of; its own tests
    come out, or say what came."""
    reading = Reading(parse(octets, "zone.yaml"))
    found = read_zone(reading, VOCABULARY, STRANGERS)
    if found is None or reading.failed:
        if not reading.problems:
            raise AssertionError("it is no zone, and nobody says why")
        return
    lint(found, lambda owner: found.source)
    table_of([found], NO_PLACES)
    list(map(str, failures(found, NO_PLACES.place_of)))


def master(octets: bytes) -> None:
    """A master file is a zone, or has problems with a place; and what is written of it is read as the same."""
    try:
        found = parse_master(octets, "example.zone", "example.com")
    except ConfigError as error:
        if not error.problems:
            raise
        return
    again = parse_master(write_master(found, 1).encode(), "again.zone", "example.com")
    if {(each.owner, each.rtype, each.ttl, frozenset(each.rdatas)) for each in found.rrsets} != {
        (each.owner, each.rtype, each.ttl, frozenset(each.rdatas)) for each in again.rrsets
    }:
        raise AssertionError("written and read again it is another zone")


def database(octets: bytes) -> None:
    """A database of places can be read, or is refused."""
    with NamedTemporaryFile(suffix=".mmdb") as file:
        file.write(octets)
        file.flush()
        try:
            read([Path(file.name)])
        except BadDatabase:
            return


TARGETS: dict[str, Target] = {each.__name__: each for each in (packet, zone, master, database)}
