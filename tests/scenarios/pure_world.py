"""The core alone: a clock that is a number, backends that are words, answers out of a table in memory.

What control and the prober do with tasks and timers is done here in one loop over their pure parts.
"""

from ipaddress import ip_address
from pathlib import Path

import dns.message
import dns.rcode
from dns.rdatatype import CNAME

from geodns.config.server import Settings
from geodns.control import overrides as orders
from geodns.control.edition import compile_edition, refresh
from geodns.control.gathering import Gathering
from geodns.control.inputs import Inputs, read_inputs
from geodns.control.pacing import Pacing
from geodns.health.ledger import Ledger
from geodns.model.check import Result, Target
from geodns.model.name import parse_name
from geodns.model.place import Address
from geodns.model.pool import Pool, PoolName, State
from geodns.model.verdict import MemberKey, Outlook, Override, Pace
from geodns.probe.schedule import Schedule
from geodns.table.slots import Ledgers
from tests.scenarios.flow import Flow
from tests.scenarios.play import Reply
from tests.world import Client, addresses, hints

PORT = 8080  # where the backends are said to listen; nobody asks there
ZONE = parse_name("example.com.")
START = 1_800_000_000.0  # seconds since the epoch
TICK = 0.01  # seconds: nothing here is quicker


class PureWorld:
    def __init__(self, flow: Flow, folder: Path) -> None:
        self._inputs = _inputs(flow, folder)
        self._state: dict[Address, str] = {ip_address(address): "start" for address in flow.backends.values()}
        self._addresses = {name: ip_address(address) for name, address in flow.backends.items()}
        self._now = START
        self._overrides: dict[MemberKey, Override] = {}
        self._ledger = Ledger()
        self._ledger.retarget(self._pools())
        self._schedule = Schedule()
        self._schedule.retarget(self._ledger.targets(), self._now)
        self._gathering = Gathering()
        self._pacing = Pacing(Pace())
        self._pacing.watch(self._inputs.zones)
        self._edition = compile_edition(self._inputs, self._outlook(), {}, Ledgers.empty(), self._now)
        self._client = Client(self._edition.table)

    # ── what a flow does ──────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, name: str, rtype: str, subnet: str | None) -> Reply:
        reply = self._client.ask(f"{name}.example.com.", rtype, subnet)
        ttl = reply.answer[0].ttl if reply.answer else None
        return Reply(rcode=dns.rcode.to_text(reply.rcode()), addresses=_seen(reply), ttl=ttl)

    def strike(self, backend: str, fault: str) -> None:
        self._state[self._addresses[backend]] = fault

    def order(self, pool: str, member: str, state: str, expires: float | None) -> None:
        key = MemberKey(ZONE, PoolName(pool), member)
        self._overrides.pop(key, None)
        if state != "clear":
            end = None if expires is None else self._now + expires
            self._overrides[key] = Override(
                state=State(state), reason="test", author="test", set_at=self._now, expires=end
            )
        self._publish()

    def now(self) -> float:
        return self._now

    def pass_time(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self._now += TICK
            self._probe()
            self._expire()
            self._follow_time()
            if self._gathering.take(self._now):
                self._publish()

    # ── how ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _probe(self) -> None:
        while target := self._schedule.take(self._now):
            changes = self._ledger.observe(self._result(target), self._now)
            pools = [(ZONE, pool.name) for pool in self._pools()]
            if changes.flips:
                self._gathering.flipped(pools, self._now)
            elif changes.stirred:
                self._gathering.stirred(pools, self._now)

    def _result(self, target: Target) -> Result:
        """Only `port: {port}` of the flow's backends answers; who is not one of them never does."""
        ok = self._state.get(target.address) == "start"
        return Result(target, ok, 0.001, "200 OK" if ok else "connection refused")

    def _expire(self) -> None:
        if (soonest := orders.next_expiry(self._overrides)) is not None and soonest <= self._now:
            self._overrides = orders.in_force(self._overrides, self._now)
            self._publish()

    def _follow_time(self) -> None:
        wait, pools = self._pacing.next_change(self._edition.outlook)
        if pools and self._edition.outlook.now is not None and self._edition.outlook.now + wait <= self._now:
            self._publish()

    def _publish(self) -> None:
        pools = [(ZONE, pool.name) for pool in self._pools()]
        self._edition = refresh(self._edition, self._pacing.advance(self._outlook()), pools)
        self._client.table = self._edition.table

    def _outlook(self) -> Outlook:
        return Outlook(self._ledger.standings(), orders.in_force(self._overrides, self._now), now=self._now)

    def _pools(self) -> list[Pool]:
        return [pool for zone in self._inputs.zones for pool in zone.pools.values()]


def _seen(reply: dns.message.Message) -> tuple[str, ...]:
    return tuple(addresses(reply) or hints(reply)) or tuple(
        str(rrset[0]) for rrset in reply.answer if rrset.rdtype == CNAME
    )


def _inputs(flow: Flow, folder: Path) -> Inputs:
    path = folder / "example.com.yaml"
    path.write_text(flow.zone_text(PORT, START))
    return read_inputs(Settings(zones=(path,)))
