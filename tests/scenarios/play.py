"""Flow + world → a failed assertion, or none. The same steps in every world; what differs is how time goes by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from tests.scenarios.flow import Ask, Fault, Flow, Order, Wait

ROUNDS = 3  # every member of a round robin is drawn that often
BEAT = 0.05  # seconds between two looks at something that must become true
STAYS = 3  # looks for which it must then stay true


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`addresses`: or those in hints, or the target of a CNAME. `ttl` None: the answer has no record."""

    rcode: str
    addresses: tuple[str, ...]
    ttl: int | None


class World(Protocol):
    """Where a flow is played: backends that are probed, and somebody who answers."""

    def ask(self, name: str, rtype: str, subnet: str | None) -> Reply: ...

    def strike(self, backend: str, fault: str) -> None:
        """`kill`, `ail` or `start`."""
        ...

    def order(self, pool: str, member: str, state: str, expires: float | None) -> None:
        """`drain`, `down`, `up` or `clear`; in force when this returns."""
        ...

    def now(self) -> float: ...

    def pass_time(self, seconds: float) -> None: ...


def play(flow: Flow, world: World) -> None:
    for number, step in enumerate(flow.steps, start=1):
        match step:
            case Ask():
                _look(world, step, f"step {number} of '{flow.title}': {_shown(step)}")
            case Fault():
                world.strike(step.of, step.verb)
            case Order():
                pool, _, member = step.of.partition("/")
                world.order(pool, member, step.verb, step.expires)
            case Wait():
                world.pass_time(step.of)


def _look(world: World, ask: Ask, title: str) -> None:
    """What is to become true is looked at until it is, and then some more."""
    began = world.now()
    while fault := _fault(world, ask):
        waited = world.now() - began
        assert waited < ask.within, f"{title}: {fault}, {waited:.2f} s after it was asked for"
        world.pass_time(BEAT)
    for _ in range(STAYS if ask.within else 0):
        world.pass_time(BEAT)
        fault = _fault(world, ask)
        assert not fault, f"{title}: was true, and then {fault}"


def _fault(world: World, ask: Ask) -> str:
    """What is not as it should be; empty where all is."""
    return next(_faults([world.ask(ask.of, ask.type, ask.subnet) for _ in range(_draws(ask))], ask), "")


def _draws(ask: Ask) -> int:
    return ROUNDS * max(len(ask.gets or ()), 4)


def _faults(replies: list[Reply], ask: Ask) -> Iterator[str]:
    seen = {address for reply in replies for address in reply.addresses}
    if ask.gets is not None and seen != ask.gets:
        yield f"got {sorted(seen)}"
    if seen & ask.never:
        yield f"got {sorted(seen & ask.never)} among {sorted(seen)}"
    for reply in replies:
        if reply.rcode != ask.rcode:
            yield f"got {reply.rcode}"
        if ask.ttl is not None and reply.ttl != ask.ttl:
            yield f"got TTL {reply.ttl}"


def _shown(ask: Ask) -> str:
    wanted = [f"exactly {sorted(ask.gets)}"] if ask.gets is not None else []
    wanted += [f"never {sorted(ask.never)}"] if ask.never else []
    wanted += [f"TTL {ask.ttl}"] if ask.ttl is not None else []
    origin = f" from {ask.subnet}" if ask.subnet else ""
    return f"{ask.of} {ask.type}{origin} should give {ask.rcode}, {', '.join(wanted)} within {ask.within:g} s"
