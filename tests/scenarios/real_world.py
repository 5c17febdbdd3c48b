"""The whole of it: web servers, a geodns of several processes, questions by UDP, operators by HTTP, and real time."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dns.rcode
import dns.rdatatype

from tests.scenarios import backends
from tests.scenarios.backends import Backend
from tests.scenarios.flow import Flow
from tests.scenarios.play import Reply
from tests.scenarios.server import Server, serving
from tests.world import hints

_SEEN = (dns.rdatatype.A, dns.rdatatype.AAAA, dns.rdatatype.CNAME)


class RealWorld:
    def __init__(self, server: Server, running: Mapping[str, Backend]) -> None:
        self._server = server
        self._backends = running
        self._held_up = 0.0  # seconds in which the machine ran others while we wanted to go on

    def ask(self, name: str, rtype: str, subnet: str | None) -> Reply:
        reply = self._server.ask(f"{name}.example.com", rtype, subnet=subnet)
        records = [rdata.to_text() for rrset in reply.answer for rdata in rrset if rrset.rdtype in _SEEN]
        return Reply(
            rcode=dns.rcode.to_text(reply.rcode()),
            addresses=(*records, *hints(reply)),
            ttl=reply.answer[0].ttl if reply.answer else None,
        )

    def strike(self, backend: str, fault: str) -> None:
        match fault:
            case "kill":
                self._backends[backend].kill()
            case "ail":
                self._backends[backend].start(status=503)
            case _:
                self._backends[backend].start()

    def order(self, pool: str, member: str, state: str, expires: float | None) -> None:
        path = f"/api/v1/zones/example.com/pools/{pool}/members/{member}/override"
        if state == "clear":
            response = self._server.api("DELETE", path)
        else:
            end = {} if expires is None else {"expires": expires}
            response = self._server.api("PUT", path, {"state": state, "reason": "scenario", **end})
        assert response.status == 200, response.content
        self._server.wait_until_ready()

    def now(self) -> float:
        """A clock that stands still while the machine keeps us waiting, since it keeps the server waiting too."""
        return time.monotonic() - self._held_up

    def pass_time(self, seconds: float) -> None:
        began = time.monotonic()
        time.sleep(seconds)
        self._held_up += max(0.0, time.monotonic() - began - seconds - 0.01)


@contextmanager
def real_world(flow: Flow, folder: Path) -> Iterator[RealWorld]:
    zones = folder / "zones"
    zones.mkdir()
    with backends.running(flow.backends) as (port, running):
        (zones / "example.com.yaml").write_text(flow.zone_text(port, time.time()))
        with serving(zones, state=folder / "state") as server:
            yield RealWorld(server, running)
