"""An explanation as text, the same for what a running geodns said and for what was compiled here."""

from collections.abc import Iterator, Mapping

from geodns.cli.columns import columns
from geodns.cli.load_text import load_lines
from geodns.cli.shapes import shaped
from geodns.cli.wording import percent
from geodns.control.explain import Explanation
from geodns.control.members import MemberView
from geodns.control.reasons import OF_POOL
from geodns.control.steering import Kept, Steering
from geodns.model.policy import Locate

_SHORT = 12  # digits of a checksum; the JSON form has all
_PLACED_BY = {str(Locate.RESOLVER): "the resolver's address", str(Locate.SUBNET): "the client subnet"}


def text_of(document: Mapping[str, object]) -> str:
    """`document` is the JSON form of an Explanation."""
    return "\n".join(_lines(shaped(Explanation, document)))


def _lines(said: Explanation) -> Iterator[str]:
    place = f" ({said.steering.place}, says {said.steering.database})" if said.steering else ""
    yield f"{said.name} {said.type} from {said.client}{place}"
    if said.down:
        yield f"  supposing that {', '.join(said.down)} {'is' if len(said.down) == 1 else 'are'} down"
    if said.at:
        yield f"  supposing that it is {said.at}"
    for name, load in said.supposed:
        yield f"  supposing that {name} would have a load of {load:,.10g}, did it keep all"
    yield f"  {_found(said)}"
    for database in said.databases:
        yield f"  {database.tells} by {database.name}, built {database.built} (sha256 {database.checksum[:_SHORT]})"
    if said.steering:
        yield from _steering(said.steering)
        yield from load_lines(said.loads)
    yield f"  scope {said.scope_reason}"
    yield from _reply(said)


def _found(said: Explanation) -> str:
    generation = f", generation {said.generation} (checksum {said.checksum})" if said.generation else ""
    return f"zone {said.zone}: {said.found}{generation}" if said.zone else f"{said.found}{generation}"


def _steering(steering: Steering) -> Iterator[str]:
    yield f"  client {steering.effective}: {steering.effective_reason}"
    yield f"  policy {steering.policy}, rule {steering.rule_number} at {steering.rule} → {steering.route}"
    for pool, reason in steering.passed_over:
        yield f"  pool {pool} is passed over: {reason}"
        yield from _members(steering, pool)
    kept = "".join(f", and keeps {percent(share).strip()} of the clients" for _, share in steering.shares[:1])
    yield f"  {f'pool {steering.pool} answers' if steering.pool else 'no pool answers'}: {steering.ground}{kept}"
    if steering.pool:
        yield from _members(steering, steering.pool)
    for pool, share in steering.shares[1:]:
        yield f"  pool {pool} answers {percent(share).strip()} of the clients, left by those before it"
        yield from _members(steering, pool)
    for pool, reason in steering.not_reached:
        yield f"  pool {pool} is not reached: {reason}"
        yield from _members(steering, pool)
    yield from (f"  {remark}" for remark in steering.remarks)
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
    # Why a pool as a whole does not answer stands above its members; of a part of the one that does, beside them.
    hidden = pool != steering.pool
    return columns([_row(member, hidden, with_pool=leaves is not None) for member in shown], indent="    ")


def _row(member: MemberView, hidden: bool, *, with_pool: bool) -> tuple[str, ...]:
    name = f"{member.pool}/{member.member}" if with_pool else member.member
    return name, percent(member.share), ", ".join(member.addresses) or "-", _standing(member, hidden)


def _standing(member: MemberView, hidden: bool) -> str:
    """Why it has no share most often says its state too."""
    if hidden and member.why.startswith(OF_POOL):
        return member.state
    if not member.why or member.why.startswith(member.state):
        return member.why or member.state
    return f"{member.state}; {member.why}"


def _reply(said: Explanation) -> Iterator[str]:
    """Records of one draw; the next may be another member's, save for clients that are kept."""
    records = [line for records in (*said.answer, *said.authority) for line in records.splitlines()]
    yield f"  {said.rcode}{'' if said.answer or said.rcode != 'NOERROR' else ', no data'}"
    yield from (f"    {record}" for record in records)
