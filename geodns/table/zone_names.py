"""One zone → its nodes: records, policies, delegations with glue, aliases, wildcards, empty non-terminals.

Names below a DNAME are occluded as those below a delegation are (RFC 6672 §2.4): they get no node.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from struct import pack

from geodns.model.name import Name, ancestors, is_below, is_wildcard, labels, parent
from geodns.model.pool import Family
from geodns.model.service import SERVICES
from geodns.model.zone import RRset, Soa, Zone
from geodns.table import layout
from geodns.table.additional import Records, add, addresses_of, hosts_of, leads_to_hosts, offer
from geodns.table.index import IndexWriter
from geodns.table.plan import PlanKey
from geodns.table.records import CNAME, DNAME, DS, NS, SOA, Writer, answer_octets
from geodns.table.services import service_key


@dataclass(slots=True)
class ZoneWriter:
    out: IndexWriter
    zone: Zone
    below: set[Name]  # apexes of our zones under this one
    record: int = 0  # at of the zone's record
    records: Records = field(default_factory=dict)  # by owner and type
    ends: set[Name] = field(default_factory=set)  # delegations and apexes: what is there or below is not ours to answer
    redirects: set[Name] = field(default_factory=set)  # owners of DNAME: nothing is below
    mine: dict[Name, int] = field(default_factory=dict)  # this zone's nodes
    shapes: dict[tuple[int, ...], int] = field(default_factory=dict)
    sets: dict[bytes, int] = field(default_factory=dict)  # of answers, by their octets

    def write(self, serial: int, plans: Mapping[PlanKey, int], slot: int) -> None:
        soa = soa_rdata(self.zone.soa, serial)
        negative = self._negative(soa)
        out = self.out
        out.octet_words.append(len(out.words))
        self.record = out.add(out.keep(self.zone.name), len(self.zone.name), negative, slot, int(self.zone.is_void))
        out.zones.append(self.record)
        out.depths.add(sum(1 for _ in labels(self.zone.name)))
        apex = RRset(self.zone.name, SOA, self.zone.soa.ttl, (soa,))
        self.records = _by_owner((apex, *self.zone.rrsets))
        cuts = {owner for owner, here in self.records.items() if NS in here and owner != self.zone.name}
        self.ends = cuts | self.below
        self.redirects = {owner for owner, here in self.records.items() if DNAME in here and CNAME not in here}
        self.redirects -= cuts
        for owner, here in self.records.items():
            if owner in cuts and not self._is_under(owner):
                self._cut(owner, here, is_child=owner in self.below)
            elif not self._is_occluded(owner):
                self._static(owner, here, plans)
        for owner in self.zone.steered:
            if owner not in self.records and not self._is_occluded(owner):
                self._static(owner, {}, plans)
        self._complete({apex for apex in self.below if not self._is_under(apex)})

    def _complete(self, children: set[Name]) -> None:
        self._parent_side()
        self._empty_non_terminals(children)
        self._wildcards()
        self._aliases()

    def _is_under(self, owner: Name) -> bool:
        """Below a delegation, a DNAME or another zone of ours."""
        if not self.ends and not self.redirects:
            return False
        return any(above in self.ends or above in self.redirects for above in ancestors(owner))

    def _is_occluded(self, owner: Name) -> bool:
        return owner in self.ends or self._is_under(owner)

    def _negative(self, soa: bytes) -> int:
        """RFC 2308 §3: a denial is kept for the lesser of the SOA's own TTL and its last field."""
        piece = Writer(self.zone.name)
        piece.record(self.zone.name, SOA, min(self.zone.soa.ttl, self.zone.soa.negative_ttl), soa)
        return self.out.keep_set(piece.octets, piece.fixups, 0, 1)

    def _static(self, owner: Name, here: Mapping[int, RRset], plans: Mapping[PlanKey, int]) -> None:
        references: tuple[int, ...] = ()
        if owner in self.zone.steered:
            references = self._plan_references(self.zone.steered[owner], plans)
        for rtype, rrset in here.items():
            references += (rtype, self._reference(rrset, plans))
        shape = self._shape(references) if references else 0
        if CNAME in here:
            record = self._answer(here[CNAME])
            self._enter(owner, self.out.whole_node(owner, self.record, shape, layout.FLAG_ALIAS, record))
        elif DNAME in here:
            record = self._answer(_first_of(here[DNAME]))
            self._enter(owner, self.out.whole_node(owner, self.record, shape, layout.FLAG_REDIRECT, record))
        elif owner == self.zone.name:  # which may yet be found to have a parent side
            self._enter(owner, self.out.whole_node(owner, self.record, shape))
        else:
            self._enter(owner, self.out.node(owner, self.record, shape))

    def _reference(self, rrset: RRset, plans: Mapping[PlanKey, int]) -> int:
        """The records, or the plan that puts hints into them."""
        key = service_key(self.zone, rrset) if rrset.rtype in SERVICES else None
        return layout.STEERED | plans[key] if key is not None and key in plans else self._answer(rrset)

    def _shape(self, references: tuple[int, ...]) -> int:
        """Names with the same references share one list of them: all that one policy answers for."""
        if references not in self.shapes:
            self.shapes[references] = self.out.add(len(references) // 2, *references)
        return self.shapes[references]

    def _plan_references(self, policy: str, plans: Mapping[PlanKey, int]) -> tuple[int, ...]:
        keys = {family: PlanKey(self.zone.name, policy, family) for family in Family}
        present = [(family, key) for family, key in keys.items() if key in plans]
        return tuple(word for family, key in present for word in (family.value, layout.STEERED | plans[key]))

    def _answer(self, rrset: RRset) -> int:
        """Names with the same records share one set of them, for it does not say whose they are."""
        octets, fixups = answer_octets(self.zone.name, rrset)
        if leads_to_hosts(rrset.rtype):
            return self._answer_with_hosts(rrset, Writer(self.zone.name, bytearray(octets), list(fixups)))
        if octets not in self.sets:
            self.sets[octets] = self.out.keep_set(octets, fixups, len(rrset.rdatas))
        return self.sets[octets]

    def _answer_with_hosts(self, rrset: RRset, piece: Writer) -> int:
        hosts = [host for host in hosts_of(rrset) if rrset.rtype == NS or not self._is_occluded(host)]
        additional, cuts = offer(piece, addresses_of(hosts, self.records), 0)
        octets = bytes(piece.octets)
        if octets not in self.sets:
            self.sets[octets] = self.out.keep_set(octets, piece.fixups, len(rrset.rdatas), 0, additional, cuts)
        return self.sets[octets]

    def _cut(self, owner: Name, here: Mapping[int, RRset], *, is_child: bool) -> None:
        shape = self._shape((DS, self._answer(here[DS]))) if DS in here else 0
        node = self.out.whole_node(owner, self.record, shape, layout.FLAG_CUT, self._referral(owner, here[NS]))
        if is_child:
            self.out.cuts[owner] = node
        else:
            self._enter(owner, node)

    def _referral(self, owner: Name, ns: RRset) -> int:
        """With its glue: nobody else tells the addresses of servers at or under the cut, so without room for them the
        reply is truncated (RFC 9471 §3.1). Other servers' addresses come along if they have room (§3.2)."""
        piece = Writer(self.zone.name)
        for rdata in ns.rdatas:
            piece.record(owner, NS, ns.ttl, rdata)
        servers = hosts_of(ns)
        inside = [server for server in servers if is_below(server, owner)]
        outside = [server for server in servers if not is_below(server, owner)]
        glue = add(piece, addresses_of(inside, self.records))
        additional, cuts = offer(piece, addresses_of(outside, self.records), glue)
        return self.out.keep_set(piece.octets, piece.fixups, 0, len(ns.rdatas), additional, cuts)

    def _enter(self, name: Name, node: int) -> None:
        self.mine[name] = node
        self.out.enter(name, node)

    def _parent_side(self) -> None:
        """The parent zone is ours too: it is the one that answers for DS (RFC 4035 §3.1.4.1)."""
        if self.zone.name in self.out.cuts:
            apex = self.mine[self.zone.name]
            flags = self.out.word(apex + layout.NODE_FLAGS) | layout.FLAG_PARENT_SIDE
            self.out.set_word(apex + layout.NODE_FLAGS, flags)
            self.out.set_word(apex + layout.NODE_TARGET, self.out.cuts[self.zone.name])

    def _empty_non_terminals(self, children: set[Name]) -> None:
        """RFC 4592 §2.2.2: a name exists when something is below it, a zone of ours too. The apex ends every climb."""
        # In a fixed order, for equal zones make equal parts: one that did not change is not written again.
        names: Iterable[Name] = [*self.mine, *sorted(children)]
        while names:
            above = dict.fromkeys([parent(name) for name in names if name != self.zone.name])
            names = [name for name in above if name not in self.mine]
            for name in names:
                self._enter(name, self.out.node(name, self.record))

    def _wildcards(self) -> None:
        for name, node in self.mine.items():
            if is_wildcard(name) and name != self.zone.name:
                self.out.set_word(self.mine[parent(name)] + layout.NODE_WILDCARD, node)

    def _aliases(self) -> None:
        """Where each CNAME leads inside this zone, looked up once and for all."""
        for rrset in self.zone.rrsets:
            if rrset.rtype == CNAME and rrset.owner in self.mine:
                node = self.mine[rrset.owner]
                flag, target = self._target(Name(rrset.rdatas[0].lower()))
                self.out.set_word(node + layout.NODE_FLAGS, layout.FLAG_ALIAS | flag)
                self.out.set_word(node + layout.NODE_TARGET, target)

    def _target(self, name: Name) -> tuple[int, int]:
        """(flag, node); (0, 0) where the target lies in no zone or another one."""
        if not is_below(name, self.zone.name) or any(each in self.below for each in (name, *ancestors(name))):
            return 0, 0
        encloser = next(each for each in (name, *ancestors(name)) if each in self.mine)
        node = self.mine[encloser]
        flags = self.out.word(node + layout.NODE_FLAGS)
        if flags & layout.FLAG_CUT:
            return layout.FLAG_TARGET_CUT, node
        if encloser == name:
            return 0, node
        if flags & layout.FLAG_REDIRECT:
            return layout.FLAG_TARGET_REDIRECTED, node
        wildcard = self.out.word(node + layout.NODE_WILDCARD)
        return (0, wildcard) if wildcard else (layout.FLAG_TARGET_MISSING, node)


def _first_of(rrset: RRset) -> RRset:
    return replace(rrset, rdatas=rrset.rdatas[:1])


def _by_owner(rrsets: Iterable[RRset]) -> dict[Name, dict[int, RRset]]:
    """Signatures come as a set for each type that they cover (RFC 2181 §5.3), and are asked for all together."""
    owners: dict[Name, dict[int, RRset]] = {}
    for rrset in rrsets:
        here = owners.setdefault(rrset.owner, {})
        before = here.get(rrset.rtype)
        if before is not None:
            rrset = replace(rrset, ttl=min(before.ttl, rrset.ttl), rdatas=before.rdatas + rrset.rdatas)
        here[rrset.rtype] = rrset
    return owners


def soa_rdata(soa: Soa, serial: int) -> bytes:
    numbers = pack("!5I", serial, soa.refresh, soa.retry, soa.expire, soa.negative_ttl)
    return soa.primary + soa.contact + numbers
