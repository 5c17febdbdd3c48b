"""An explanation as text, the same for what a running geodns said and for what was compiled here."""

from collections.abc import Iterator, Mapping

from geodns.cli.columns import columns
from geodns.cli.shapes import shaped
from geodns.cli.wording import percent
from geodns.control.explain import Explanation, Kept, Steering
from geodns.control.members import MemberView
from geodns.model.policy import Locate

_PLACED_BY = {str(Locate.RESOLVER): "the resolver's address", str(Locate.SUBNET): "the client subnet"}


def text_of(document: Mapping[str, object]) -> str:
    """`document` is the JSON form of an Explanation."""
    return "\n".join(_lines(shaped(Explanation, document)))


def _lines(said: Explanation) -> Iterator[str]:
    place = f" ({said.steering.place}, says {said.steering.database})" if said.steering else ""
    yield f"{said.name} {said.type} from {said.client}{place}"
    if said.down:
        yield f"  supposing that {', '.join(said.down)} {'is' if len(said.down) == 1 else 'are'} down"
    yield f"  {_found(said)}"
    if said.steering:
        yield from _steering(said.steering)
    yield f"  scope {said.scope_reason}"
    yield from _reply(said)


def _found(said: Explanation) -> str:
    generation = f", generation {said.generation}" if said.generation else ""
    return f"zone {said.zone}: {said.found}{generation}" if said.zone else f"{said.found}{generation}"


def _steering(steering: Steering) -> Iterator[str]:
    yield f"  policy {steering.policy}, rule {steering.rule_number} at {steering.rule} → {steering.route}"
    for pool, reason in steering.passed_over:
        yield f"  pool {pool} is passed over: {reason}"
        yield from _members(steering, pool)
    yield f"  {f'pool {steering.pool} answers' if steering.pool else 'no pool answers'}: {steering.ground}"
    if steering.pool:
        yield from _members(steering, steering.pool)
    if steering.locate != str(Locate.EITHER):
        yield f"  placed by {_PLACED_BY[steering.locate]} alone (locate: {steering.locate})"
    if steering.kept:
        yield f"  {_kept(steering.kept)}"
    yield f"  ttl {steering.ttl}: {steering.ttl_reason}"


def _kept(kept: Kept) -> str:
    return f"sticky: clients in {kept.prefix} get {', '.join(kept.members)}; the shares are those of all clients"


def _members(steering: Steering, pool: str) -> list[str]:
    leaves = dict(steering.parts).get(pool)
    shown = [member for member in steering.members if member.pool in (leaves or (pool,))]
    return columns([_row(member, with_pool=leaves is not None) for member in shown], indent="    ")


def _row(member: MemberView, *, with_pool: bool) -> tuple[str, ...]:
    name = f"{member.pool}/{member.member}" if with_pool else member.member
    return name, percent(member.share), ", ".join(member.addresses) or "-", member.state


def _reply(said: Explanation) -> Iterator[str]:
    """Records of one draw; the next may be another member's, save for clients that are kept."""
    records = [line for records in (*said.answer, *said.authority) for line in records.splitlines()]
    yield f"  {said.rcode}{'' if said.answer or said.rcode != 'NOERROR' else ', no data'}"
    yield from (f"    {record}" for record in records)
