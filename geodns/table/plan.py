"""(policy, family) + what is up → plan block: for each route a distribution over answers in wire form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, zip_longest
from math import ceil, lcm
from struct import pack
from zlib import crc32

from geodns.model.name import Name, show
from geodns.model.place import Address
from geodns.model.policy import Policy, Route
from geodns.model.pool import Family, Member, Pool, PoolName, Pools
from geodns.model.verdict import MemberKey, Outlook
from geodns.policy.availability import availability
from geodns.policy.choice import Choice, Ground, choose_among
from geodns.policy.distribution import Distribution
from geodns.policy.selection import select
from geodns.table.block import padded, words
from geodns.table.layout import (
    ANSWER_WORDS,
    DISTRIBUTION_SPARE,
    DISTRIBUTION_WORDS,
    ENTRY_WORDS,
    PLAN_WORDS,
    ROTATION_SLOTS,
)
from geodns.table.records import OWNER

_MOST_OCTETS = 60_000  # in one answer: more would not fit a message with its question and EDNS
_MOST_VARIANTS = 64
_RECORD_SIZE = {Family.IPV4: 16, Family.IPV6: 28}  # octets

MemberSlots = Mapping[MemberKey, int]


@dataclass(frozen=True, slots=True)
class PlanKey:
    zone: Name
    policy: str
    family: Family


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
    """`routes` are the territory's, in its numbering; `territory` is its number in the part of territories."""
    writer = _BlockWriter(key, slots, [territory, len(routes), *(0 for _ in routes)])
    views = cache(lambda name: availability(key.zone, pools[name], key.family, outlook))
    choices = {route: choose_among(route, policy, key.family, views) for route in routes}
    # What a pool answers follows from its ground and TTL: routes that differ in what they passed over share it.
    written: dict[tuple[PoolName, Ground, int], int] = {}
    for number, choice in enumerate(choices.values()):
        if choice.pool is None or not choice.roster.own:
            continue
        drawn = (choice.pool, choice.ground, choice.ttl)
        if drawn not in written:
            written[drawn] = writer.distribution(choice, _selection(policy, pools[choice.pool]), policy.answers)
        writer.words[PLAN_WORDS + number] = written[drawn]
    return Plan(key, writer.block(), choices)


def _selection(policy: Policy, pool: Pool) -> str:
    """Pools share by weight, so that one which takes all members alike would not do for a pool of pools."""
    chosen = policy.select if policy.select_is_final else pool.select or policy.select
    return "weighted" if pool.parts and chosen == "round_robin" else chosen


def turns(members: Sequence[Member], family: Family, limit: int) -> list[tuple[Address, ...]]:
    """The answers that members with several addresses give in turn; none where a member lacks the family."""
    lists = [member.of_family(family) for member in members]
    if not all(lists):
        return []
    end = lcm(*(len(addresses) for addresses in lists))
    stride = 1
    if end > _MOST_VARIANTS:
        end = max(len(addresses) for addresses in lists)
        # As long as the bound asks for, yet no longer than what an answer shows of each member: none is left out.
        stride = max(1, min(ceil(end / _MOST_VARIANTS), limit // len(lists)))
    return [tuple(_interleaved(lists, turn))[:limit] for turn in range(0, end, stride)]


def _interleaved(lists: Sequence[Sequence[Address]], turn: int) -> Iterator[Address]:
    """Every member's first address before any member's second."""
    turned = [(*addresses[turn % len(addresses) :], *addresses[: turn % len(addresses)]) for addresses in lists]
    return (address for address in chain.from_iterable(zip_longest(*turned)) if address is not None)


@dataclass(slots=True)
class _BlockWriter:
    key: PlanKey
    slots: MemberSlots
    words: list[int]
    octets: bytearray = field(default_factory=bytearray)
    relocate: list[int] = field(default_factory=list)  # words that point into the octets

    def distribution(self, choice: Choice, selection: str, answers: int) -> int:
        """Returns its offset. The spare is written only where a draw lacks the family."""
        assert choice.pool is not None
        everyone = select(selection, choice.roster.everyone, answers)
        at = self._distribution(everyone, choice)
        if any(not turns(draw.members, self.key.family, 1) for draw in everyone.draws):
            self.words[at + DISTRIBUTION_SPARE] = self._distribution(
                select(selection, choice.roster.own, answers), choice
            )
        return at

    def _distribution(self, distribution: Distribution, choice: Choice) -> int:
        at = len(self.words)
        count = len(distribution.draws)
        entries = at + DISTRIBUTION_WORDS
        head = [self._rotation_slot(choice), 0, distribution.total, distribution.step, distribution.drift]
        self.words += [*head, count, entries, *(0 for _ in range(count * ENTRY_WORDS))]
        until = 0
        for number, draw in enumerate(distribution.draws):
            until += draw.weight
            sets, variants = self._answers(draw.members, distribution.addresses, choice)
            tallies = self._tallies(draw.members, choice)
            entry = entries + number * ENTRY_WORDS
            self.words[entry : entry + ENTRY_WORDS] = [until, sets, variants, tallies]
        return at

    def _answers(self, members: Sequence[Member], limit: int, choice: Choice) -> tuple[int, int]:
        variants = turns(members, self.key.family, min(limit, _MOST_OCTETS // _RECORD_SIZE[self.key.family]))
        at = len(self.words)
        for addresses in variants:
            records = [_record(address, choice.ttl) for address in addresses]
            self.relocate.append(len(self.words))
            self.words += [self._place(records), sum(map(len, records)), len(records)]
        assert len(self.words) == at + len(variants) * ANSWER_WORDS
        return at, len(variants)

    def _place(self, records: Sequence[bytes]) -> int:
        """Where the records stand in the octets; they share what is there already, so that a ring is stored once."""
        wanted = b"".join(records)
        at = self.octets.find(wanted)
        if at >= 0:
            return at
        overlap = next(size for size in _prefix_sizes(records) if self.octets.endswith(wanted[:size]))
        self.octets += wanted[overlap:]
        return len(self.octets) - len(wanted)

    def _tallies(self, members: Sequence[Member], choice: Choice) -> int:
        assert choice.pool is not None
        at = len(self.words)
        keys = [MemberKey(self.key.zone, member.home or choice.pool, member.name) for member in members]
        self.words += [len(keys), *(self.slots[key] for key in keys)]
        return at

    def _rotation_slot(self, choice: Choice) -> int:
        """The same from generation to generation, so that a rotation goes on where it was."""
        name = f"{show(self.key.zone)} {self.key.policy} {self.key.family.rtype} {choice.pool}"
        return crc32(name.encode()) % ROTATION_SLOTS

    def block(self) -> bytes:
        base = len(self.words) * 4
        for at in self.relocate:
            self.words[at] += base
        return words(self.words) + padded(bytes(self.octets))


def _prefix_sizes(records: Sequence[bytes]) -> Iterator[int]:
    """Lengths of the runs of leading records, the longest first, down to none."""
    size = sum(map(len, records))
    for record in reversed(records):
        size -= len(record)
        yield size


def _record(address: Address, ttl: int) -> bytes:
    rtype = Family.IPV4 if address.version == 4 else Family.IPV6
    return OWNER + pack("!HHIH", rtype.value, 1, ttl, len(address.packed)) + address.packed
