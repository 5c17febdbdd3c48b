"""(policy, family) + what is up → plan block: for each route a distribution over answers in wire form.

SVCB and HTTPS records of a policy's names have such plans too: their answers are the records with the drawn members'
addresses as hints, and where there is no address, without.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from struct import pack, unpack
from zlib import crc32

from geodns.model.name import Name, show
from geodns.model.policy import Locate, Policy, Prefixes, Route
from geodns.model.pool import ADDRESS_FAMILIES, Family, Member, PoolName, Pools
from geodns.model.service import Service
from geodns.model.verdict import MemberKey, Outlook
from geodns.policy.availability import availability
from geodns.policy.choice import Choice, Ground, choose_among
from geodns.policy.distribution import Distribution, Draw, Order
from geodns.policy.hinting import choose_hints
from geodns.policy.selection import is_by_client, select, selection_of
from geodns.table.block import padded, words
from geodns.table.layout import (
    ANSWER_WORDS,
    DISTRIBUTION_SPARE,
    DISTRIBUTION_WORDS,
    ENTRY_WORDS,
    GROUND_FAIL_OPEN,
    GROUND_FALLBACK,
    GROUND_HEALTHY,
    LOCATE_EITHER,
    LOCATE_RESOLVER,
    LOCATE_SUBNET,
    ORDER_AT_RANDOM,
    ORDER_BY_CLIENT,
    ORDER_IN_TURN,
    PLAN_WORDS,
    ROTATION_SLOTS,
    ROUTE_UNRESOLVED,
)
from geodns.table.records import CNAME, OWNER
from geodns.table.turns import MOST_OCTETS, hinted, named_together, turns

_SEARCHED = 2 * MOST_OCTETS  # for records that are there already: any ring's, yet not all that many answers have
_RECORD_SIZE = {Family.IPV4: 16, Family.IPV6: 28, Family.ALIAS: 267}  # octets, at most
_ORDERS = {
    Order.IN_TURN: ORDER_IN_TURN,
    Order.AT_RANDOM: ORDER_AT_RANDOM,
    Order.BY_CLIENT: ORDER_BY_CLIENT,
}
_GROUNDS = {Ground.FALLBACK: GROUND_FALLBACK, Ground.FAIL_OPEN: GROUND_FAIL_OPEN}
_LOCATE = {
    Locate.EITHER: LOCATE_EITHER,
    Locate.RESOLVER: LOCATE_RESOLVER,
    Locate.SUBNET: LOCATE_SUBNET,
}

MemberSlots = Mapping[MemberKey, int]


@dataclass(frozen=True, slots=True)
class PlanKey:
    """`service`: the records that take hints, of both families; `family` is then None."""

    zone: Name
    policy: str
    family: Family | None
    service: Service | None = None

    @property
    def families(self) -> tuple[Family, ...]:
        return ADDRESS_FAMILIES if self.family is None else (self.family,)

    @property
    def asked(self) -> str:
        """What tells the plan's rotations from those of the policy's others."""
        return str(self.service) if self.family is None else self.family.rtype


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled block, and for each route the choice that it came from."""

    key: PlanKey
    block: bytes
    choices: Mapping[Route, Choice]


def compile_plan(
    key: PlanKey,
    policy: Policy,
    pools: Pools,
    routes: Sequence[Route],
    territory: int,
    outlook: Outlook,
    slots: MemberSlots,
) -> Plan:
    """`pools` has those that the routes make. `routes` are the territory's, in its numbering; `territory` is its number
    in the part of territories."""
    head = [territory, len(routes), _LOCATE[policy.locate]]
    writer = _BlockWriter(key, slots, policy.sticky or Prefixes(), [*head, *(0 for _ in routes)])
    choose = _chooser(key, policy, pools, outlook)
    choices = {route: choose(route) for route in routes}
    # What a pool answers follows from these: routes that differ in what they passed over share it.
    written: dict[_Drawn, int] = {}
    for number, choice in enumerate(choices.values()):
        drawn = (choice.pool, choice.shares, choice.ground, choice.ttl, choice.hints)
        if choice.unresolved:
            writer.words[PLAN_WORDS + number] = ROUTE_UNRESOLVED
            continue
        if drawn not in written:
            written[drawn] = _written(writer, choice, policy, pools)
        writer.words[PLAN_WORDS + number] = written[drawn]
    return Plan(key, writer.block(), choices)


_Drawn = tuple[PoolName | None, tuple[tuple[PoolName, Fraction], ...], Ground, int, tuple[Family, ...]]


def _chooser(key: PlanKey, policy: Policy, pools: Pools, outlook: Outlook) -> Callable[[Route], Choice]:
    """Each pool is looked at once for each family."""

    def of(family: Family) -> Callable[[Route], Choice]:
        views = cache(lambda name: availability(key.zone, pools[name], family, outlook))
        return lambda route: choose_among(route, policy, family, views)

    if key.service is None:
        return of(*key.families)
    ipv4, ipv6, ttl = of(Family.IPV4), of(Family.IPV6), key.service.ttl
    return lambda route: choose_hints(ipv4(route), ipv6(route), ttl)


def _written(writer: "_BlockWriter", choice: Choice, policy: Policy, pools: Pools) -> int:
    """Where the choice's distribution is; 0: it has no address. Records that only lack hints are answered with."""
    if choice.pool is None or not choice.roster.own:
        return 0 if writer.key.service is None else writer.bare(choice)
    chosen = selection_of(policy, pools[choice.pool], sharing=bool(choice.shares))
    return writer.distribution(choice, chosen, policy.answers)


@dataclass(slots=True)
class _BlockWriter:
    key: PlanKey
    slots: MemberSlots
    prefixes: Prefixes
    words: list[int]
    octets: bytearray = field(default_factory=bytearray)
    relocate: list[int] = field(default_factory=list)  # words that point into the octets

    def distribution(self, choice: Choice, selection: str, answers: int) -> int:
        """Returns its offset. The spare is written only where a draw lacks the family.

        A client's best of those that have the family is its best of all, where that one has it: no spare is needed.
        But where only some are aliases, a type that lacks an answer must not get a CNAME in its stead, for resolvers
        would take that for the other types too: of an alias there is as much as is drawn, and no spare has one.
        """
        assert choice.pool is not None
        own, everyone = choice.roster.own, choice.roster.everyone
        is_mixed = len({member.target is None for member in everyone}) > 1
        if is_by_client(selection) and not is_mixed:
            return self._distribution(select(selection, own, answers), choice)
        drawn = select(selection, everyone, answers)
        at = self._distribution(drawn, choice)
        others = [member for member in own if member.target is None] if is_mixed else own
        if others and any(not self._is_answered(draw.members) for draw in drawn.draws):
            self.words[at + DISTRIBUTION_SPARE] = self._distribution(select(selection, others, answers), choice)
        return at

    def bare(self, choice: Choice) -> int:
        """The offset of one that always gives the records as they are."""
        return self._distribution(Distribution(draws=(Draw(1, ()),), addresses=0), choice)

    def _is_answered(self, members: Sequence[Member]) -> bool:
        return all(member.answers(self.key.family) for member in named_together(members))

    def _distribution(self, distribution: Distribution, choice: Choice) -> int:
        at = len(self.words)
        count = len(distribution.draws)
        entries = at + DISTRIBUTION_WORDS
        head = [self._rotation_slot(choice), 0, distribution.total, distribution.step, distribution.drift]
        by_client = self._by_client(distribution, entries + count * ENTRY_WORDS)
        self.words += [
            *head,
            count,
            entries,
            *by_client,
            _ORDERS[distribution.order],
            _GROUNDS.get(choice.ground, GROUND_HEALTHY),
        ]
        self.words += [0] * (count * ENTRY_WORDS)
        if distribution.buckets:
            self.words += packed(distribution.buckets, width_for(count))
        until = 0
        for number, draw in enumerate(distribution.draws):
            until += draw.weight
            members = named_together(draw.members)
            sets, variants = self._answers(members, distribution.addresses, choice)
            tallies = self._tallies(members, choice)
            entry = entries + number * ENTRY_WORDS
            self.words[entry : entry + ENTRY_WORDS] = [until, sets, variants, tallies]
        return at

    def _by_client(self, distribution: Distribution, at: int) -> tuple[int, int, int]:
        """Where the buckets will stand, in which width, and the prefixes that tell clients."""
        if not distribution.buckets:
            return 0, 0, 0
        return at, width_for(len(distribution.draws)), self.prefixes.ipv4 << 8 | self.prefixes.ipv6

    def _answers(self, members: Sequence[Member], limit: int, choice: Choice) -> tuple[int, int]:
        at = len(self.words)
        variants = self._variants(members, limit, choice.ttl_of(members))
        for records in variants:
            self.relocate.append(len(self.words))
            self.words += [self._place(records), sum(map(len, records)), len(records)]
        assert len(self.words) == at + len(variants) * ANSWER_WORDS
        return at, len(variants)

    def _variants(self, members: Sequence[Member], limit: int, ttl: int) -> list[list[bytes]]:
        """The records of each answer that these members give in turn; none where one of them lacks the family."""
        service, family = self.key.service, self.key.family
        if family is None:
            assert service is not None, "a plan is of a family or of a service"
            data = hinted(service, members, limit) if self._is_answered(members) else []
            return [[_record(service.rtype, rdata, ttl) for rdata in rdatas] for rdatas in data]
        target = members[0].target
        if target is not None:
            return [[_record(CNAME, target, ttl)]]
        variants = turns(members, family, min(limit, MOST_OCTETS // _RECORD_SIZE[family]))
        return [[_record(family.value, address.packed, ttl) for address in addresses] for addresses in variants]

    def _place(self, records: Sequence[bytes]) -> int:
        """Where the records stand in the octets; they share what is there already, so that a ring is stored once."""
        wanted = b"".join(records)
        at = self.octets.find(wanted, max(0, len(self.octets) - _SEARCHED))
        if at >= 0:
            return at
        overlap = next(size for size in _prefix_sizes(records) if self.octets.endswith(wanted[:size]))
        self.octets += wanted[overlap:]
        return len(self.octets) - len(wanted)

    def _tallies(self, members: Sequence[Member], choice: Choice) -> int:
        at = len(self.words)
        self.words += [len(members), *(self._slot(member, choice) for member in members)]
        return at

    def _slot(self, member: Member, choice: Choice) -> int:
        assert choice.pool is not None
        return self.slots[MemberKey(self.key.zone, member.home or choice.pool, member.name)]

    def _rotation_slot(self, choice: Choice) -> int:
        """The same from generation to generation, so that a rotation goes on where it was."""
        name = f"{show(self.key.zone)} {self.key.policy} {self.key.asked} {choice.pool}"
        return crc32(name.encode()) % ROTATION_SLOTS

    def block(self) -> bytes:
        base = len(self.words) * 4
        for at in self.relocate:
            self.words[at] += base
        return words(self.words) + padded(bytes(self.octets))


def width_for(count: int) -> int:
    """Numbers below `count` fit 2^width bits; of those that a word is a whole number of."""
    return (max(count - 1, 1).bit_length() - 1).bit_length()


def packed(numbers: Sequence[int], width: int) -> Sequence[int]:
    """Words of as many numbers as fit, the first of them in the lowest bits."""
    octets = pack(f"<{len(numbers)}{'B' if width < 4 else 'H'}", *numbers)
    for narrow in range(width, 3):  # the numbers of two octets move together into one, in all of them at once
        whole = int.from_bytes(octets, "little")
        octets = (whole | whole >> 8 - (1 << narrow)).to_bytes(len(octets), "little")[::2]
    return unpack(f"<{len(octets) // 4}I", octets)


def _prefix_sizes(records: Sequence[bytes]) -> Iterator[int]:
    """Lengths of the runs of leading records, the longest first, down to none."""
    size = sum(map(len, records))
    for record in reversed(records):
        size -= len(record)
        yield size


def _record(rtype: int, rdata: bytes, ttl: int) -> bytes:
    return OWNER + pack("!HHIH", rtype, 1, ttl, len(rdata)) + rdata
