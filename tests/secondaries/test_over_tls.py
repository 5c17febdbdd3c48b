"""BIND and NSD copy a zone over TLS (RFC 9103), with the certificate verified and all of it signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, Server, serving
from tests.secondaries.daemons import BIND, NAME, NSD, SECRET, Kind, Setting, running
from tests.serve.certificates import issue, root

pytestmark = pytest.mark.sockets

ZONE = "example.org."
TEXT = (
    "@ 300 IN SOA ns1 host {serial} 86400 86400 864000 60\n@ 300 IN NS ns1\nns1 300 IN A 192.0.2.{serial}\n"
    + "".join(f"t{number} 300 IN TXT {'x' * 60}\n" for number in range(2000))
)


@dataclass(frozen=True, slots=True)
class Place:
    folder: Path
    told: int
    tls: int

    def write(self, serial: int) -> None:
        (self.folder / "zones" / "example.org.zone").write_text(TEXT.format(serial=serial))

    def set_up(self) -> None:
        (self.folder / "zones").mkdir()
        pair = issue(self.folder)
        (self.folder / "geodns.yaml").write_text(
            f"zones: zones/\nkeys: {{{NAME}: {{secret: {SECRET}}}}}\n"
            f"listen_tls: {LOCAL}:{self.tls}\ntls: {{certificate: {pair.certificate}, key: {pair.key}}}\n"
            f'transfer: {{allow: key {NAME}, notify: "{LOCAL}:{self.told} key {NAME}"}}\n'
        )
        self.write(7)


@contextmanager
def primary(place: Place) -> Iterator[Server]:
    place.set_up()
    options = ["-c", str(place.folder / "geodns.yaml")]
    with serving(state=place.folder / "state", options=options, workers=1) as server:
        yield server


def over_tls(kind: Kind, place: Place) -> Kind:
    """The same with what it says of its primary changed: that one is asked over TLS, and has to show who it is."""
    ca = root(place.folder)
    at = f"{LOCAL} port {place.tls} key {NAME}", f"{LOCAL}@{place.tls} {NAME}"
    bind = f'tls shown {{ ca-file "{ca}"; remote-hostname "localhost"; }};\n'
    nsd = 'tls-auth:\n    name: "shown"\n    auth-domain-name: "localhost"\n'

    def configure(setting: Setting) -> list[str]:
        words = kind.configure(replace(setting, primary=place.tls))
        path = Path(words[-1])
        text = path.read_text()
        if kind is BIND:
            changed = text.replace(at[0], f"{at[0]} tls shown").replace("controls", f"{bind}controls")
        else:
            changed = text.replace(f"request-xfr: {at[1]}", f"request-xfr: AXFR {at[1]} shown")
            changed = changed.replace("verbosity: 2", f'verbosity: 2\n    tls-cert-bundle: "{ca}"\n{nsd}')
        assert changed.count("shown") == 2
        path.write_text(changed)
        return words

    return replace(kind, configure=configure)


@pytest.mark.parametrize("kind", [BIND, NSD], ids=lambda kind: kind.name)
def test_a_zone_and_its_changes_are_copied_over_tls(kind: Kind, tmp_path: Path) -> None:
    place = Place(tmp_path, free_port(LOCAL), free_port(LOCAL))
    with primary(place) as server:
        setting = Setting(folder=tmp_path / kind.name, port=place.told, primary=0, zones=(ZONE,))
        with running(over_tls(kind, place), setting) as secondary:
            secondary.wait_for(ZONE, 7)
            place.write(8)
            secondary.wait_for(ZONE, 8)
            assert {str(rdata) for rdata in secondary.ask("ns1.example.org.", "A").answer[0]} == {"192.0.2.8"}
        streams = [sample for sample in server.samples("geodns_events_total") if sample.labels["event"] == "transfer"]
        assert sum(sample.value for sample in streams) >= 2
