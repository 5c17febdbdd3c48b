"""`records:` → RRsets and steered names. The one section that may have a hundred thousand entries, so it is read
straight from the tree: no form for each record.

A name is steered where it has a `policy`, or a `pool` (shorthand for a policy of one rule and one pool). Then its
addresses come from pools and it can have none of its own. What an `ALIAS` comes to is seen once all names are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from geodns.config.durations import parse_ttl
from geodns.config.flattening import Alias, Copied, Follower, LeadsNowhere, Steered
from geodns.config.problem import did_you_mean
from geodns.config.rdata import ADDRESSES, CNAME, DNAME, NS, RdataReader, parse_type, show_type
from geodns.config.reading import Reading
from geodns.config.scalars import Plain
from geodns.config.steering import KEYS, Steering
from geodns.config.tree import Mark, Node, Rows, Table, source_of, value_of
from geodns.model.name import BadName, Name, is_below, parse_name, show
from geodns.model.service import SERVICES
from geodns.model.zone import RRset

_PLAIN_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_LONGEST_FOR_PLAIN = 255 - 64  # octets of an origin that any label still fits before
_NAMES_PER_TICK = 1 << 13
_SINGLE = frozenset((CNAME, DNAME))
_ALIAS = "ALIAS"
_OF_ALL, _OF_SERVICES = ("ttl", "data"), ("ttl", "data", "hints")


@dataclass(slots=True)
class Records:
    """What the section comes to. `marks` are those of the owners."""

    rrsets: list[RRset] = field(default_factory=list)
    steered: dict[Name, str] = field(default_factory=dict)
    marks: dict[Name, Mark] = field(default_factory=dict)


def read_records(reading: Reading, origin: Name, ttl: int, steering: Steering) -> Records:
    """Everything well-formed in the section; a record with a problem is left out and complained of."""
    section = reading.document.node("records")
    reader = _RecordReader(reading, origin, ttl, steering)
    if isinstance(section, Table):
        for number, (owner, node, key_mark, value_mark) in enumerate(section.entries()):
            reader.read(owner, node, key_mark, value_mark)
            if number % _NAMES_PER_TICK == 0:
                reading.tick(number / len(section))
        reader.check_apex(section)
        reader.follow_aliases()
    return reader.records


class _RecordReader:
    def __init__(self, reading: Reading, origin: Name, ttl: int, steering: Steering) -> None:
        self.records = Records()
        self._reading = reading
        self._origin = origin
        self._ttl = ttl
        self._steering = steering
        self._rdata = RdataReader(origin)
        self._types: dict[str, int] = {}
        self._aliases: dict[Name, Alias] = {}

    def read(self, text: str, node: Node, key_mark: Mark, value_mark: Mark) -> None:
        """All that one name has."""
        owner = self._owner(text, key_mark)
        if owner is None:
            return
        if not isinstance(node, Table) or not node:
            self._complain(value_mark, f"'{text}' wants a mapping of types to data, such as {{A: 192.0.2.1}}")
            return
        ttl = self._ttl_of(node, self._ttl)
        found: set[int] = set()
        for key, value, mark, data_mark in node.entries():
            if key in KEYS:
                continue
            rtype = self._types.get(key) or self._type(key, mark)
            if rtype in found:
                self._complain(mark, f"'{text}' has {show_type(rtype or 0)} under two spellings; use one")
            elif rtype is not None:
                found.add(rtype)
                self._read_data(owner, rtype, value, data_mark, ttl, node)
        steered = not KEYS.isdisjoint(node) and self._steer(owner, text, node, ttl)
        if _ALIAS in node:
            self._read_alias(owner, text, node, found, ttl, steered=steered)
        elif not found and not steered and KEYS.issuperset(node):
            self._complain(key_mark, f"'{text}' has no records")
        self._check_company(owner, text, found, key_mark, steered=steered)

    def check_apex(self, section: Table) -> None:
        if not any(rrset.owner == self._origin and rrset.rtype == NS for rrset in self.records.rrsets):
            mark = self.records.marks.get(self._origin, section.mark)
            message = f"{show(self._origin)} has no name servers; give '@' its NS, such as NS: [ns1, ns2]"
            self._complain(mark, message)

    def follow_aliases(self) -> None:
        """Each by itself: what another one comes to is no help, for the TTLs on the way differ."""
        if not self._aliases:
            return
        follower = Follower(self._origin, self.records.rrsets, dict(self.records.steered), self._aliases)
        for owner, alias in self._aliases.items():
            try:
                found = follower.follow(owner)
            except LeadsNowhere as error:
                self._complain(alias.mark, f"the ALIAS of {show(owner)} cannot be followed: {error}")
                continue
            if isinstance(found, Steered):
                self.records.steered[owner] = found.policy
            elif isinstance(found, Copied):
                copies = (replace(each, owner=owner, ttl=min(each.ttl, found.ttl)) for each in found.rrsets)
                self.records.rrsets += copies
            else:
                source = self._reading.document.at(alias.mark)
                self.records.steered[owner] = self._steering.outside_policy(found.target, found.ttl, source)

    def _read_alias(self, owner: Name, text: str, node: Table, found: set[int], ttl: int, *, steered: bool) -> None:
        value, mark = node[_ALIAS], node.value_mark(_ALIAS)
        if steered:
            key = "policy" if "policy" in node else "pool"
            self._complain(node.key_mark(_ALIAS), f"'{text}' has a {key} and an ALIAS; leave one of them out")
        elif CNAME in found or not ADDRESSES.isdisjoint(found):
            kind = show_type(next(rtype for rtype in (CNAME, *ADDRESSES) if rtype in found))
            message = f"'{text}' has an ALIAS, from which its addresses come; leave its {kind} out, or the ALIAS"
            self._complain(node.key_mark(_ALIAS), message)
        elif NS in found and owner != self._origin:
            self._complain(
                node.key_mark(_ALIAS), f"'{text}' is delegated by its NS, so an ALIAS would never answer for it"
            )
        elif isinstance(value, str):
            self._keep_alias(owner, value, ttl, mark)

    def _keep_alias(self, owner: Name, text: str, ttl: int, mark: Mark) -> None:
        try:
            self._aliases[owner] = Alias(parse_name(text, self._origin), ttl, mark)
        except BadName as error:
            self._complain(mark, str(error))

    def _owner(self, text: str, mark: Mark) -> Name | None:
        if _PLAIN_LABEL.fullmatch(text) and len(self._origin) <= _LONGEST_FOR_PLAIN:
            owner = Name(bytes((len(text),)) + text.encode() + self._origin)
        else:
            try:
                owner = parse_name(text or "..", self._origin)
            except BadName as error:
                self._complain(mark, str(error))
                return None
            if not is_below(owner, self._origin):
                self._complain(mark, f"'{text}' lies outside of the zone {show(self._origin)}")
                return None
        first = self.records.marks.setdefault(owner, mark)
        if first != mark:
            line = source_of("", first).line
            self._complain(mark, f"the name '{text}' stands here a second time; the first is in line {line}")
        return owner

    def _type(self, key: str, mark: Mark) -> int | None:
        try:
            self._types[key] = parse_type(key)
        except ValueError as error:
            self._complain(mark, str(error))
            return None
        return self._types[key]

    def _read_data(self, owner: Name, rtype: int, value: Node, mark: Mark, ttl: int, entry: Table) -> None:
        """Of the name's entry, one type. Cases: 1. {ttl: , data: }, 2. a list, 3. one datum."""
        hints = True
        if isinstance(value, Table):
            known = _OF_SERVICES if rtype in SERVICES else _OF_ALL
            for key in value:
                if key not in known:
                    self._complain(value.key_mark(key), f"unknown key '{key}'{did_you_mean(key, known)}")
            if rtype in SERVICES and "hints" in value:
                hints = self._hints_of(value, entry)
            if "data" not in value:
                self._complain(mark, "the key 'data' is missing")
                return
            ttl = self._ttl_of(value, ttl)
            mark, value = value.value_mark("data"), value["data"]
        rdatas = self._rdatas(rtype, value, mark)
        if rtype in _SINGLE and len(rdatas) > 1:
            self._complain(mark, f"a name can have one {show_type(rtype)} only")
        if rdatas:
            self.records.rrsets.append(RRset(owner, rtype, ttl, rdatas, hints))

    def _hints_of(self, node: Table, entry: Table) -> bool:
        """Whether the records of a service tell the addresses of the name's policy or pool."""
        written = node["hints"]
        said = value_of(written)
        if not isinstance(written, str):
            self._complain(node.value_mark("hints"), "'hints' wants true or false")
        elif not isinstance(said, bool):
            found = written if isinstance(written, Plain) else f"'{written}'"
            self._complain(node.value_mark("hints"), f"'hints' wants true or false; found {found}")
        elif not any(key in entry for key in ("policy", "pool", _ALIAS)):
            message = "'hints' is for names with a policy or pool, whose addresses hints are; leave it out"
            self._complain(node.key_mark("hints"), message)
        return said is not False

    def _rdatas(self, rtype: int, value: Node, mark: Mark) -> tuple[bytes, ...]:
        """In wire form, each once."""
        if isinstance(value, str):
            wire = self._wire(rtype, value, mark)
            return () if wire is None else (wire,)
        found: dict[bytes, None] = {}
        for text, at in self._texts(rtype, value, mark):
            wire = self._wire(rtype, text, at)
            if wire is not None and wire in found:
                self._complain(at, f"the {show_type(rtype)} record '{text}' is listed twice")
            elif wire is not None:
                found[wire] = None
        return tuple(found)

    def _wire(self, rtype: int, text: str, mark: Mark) -> bytes | None:
        try:
            return self._rdata.wire(rtype, text)
        except ValueError as error:
            self._complain(mark, str(error))
            return None

    def _texts(self, rtype: int, value: Table | Rows, mark: Mark) -> Iterator[tuple[str, Mark]]:
        items = zip(value, value.marks, strict=True) if isinstance(value, Rows) else ()
        if not value or isinstance(value, Table):
            self._complain(mark, f"the {show_type(rtype)} record has no data")
        for item, at in items:
            if isinstance(item, str):
                yield item, at
            else:
                self._complain(at, f"a list of {show_type(rtype)} data holds texts only")

    def _ttl_of(self, node: Table, default: int) -> int:
        written = node.get("ttl")
        if written is None:
            return default
        try:
            return parse_ttl(written)
        except ValueError as error:
            self._complain(node.value_mark("ttl"), str(error))
            return default

    def _steer(self, owner: Name, text: str, node: Table, ttl: int) -> bool:
        policy = self._steering.policy_of(text, node, ttl)
        if policy is not None:
            self.records.steered[owner] = policy
        return "policy" in node or "pool" in node

    def _check_company(self, owner: Name, text: str, found: set[int], mark: Mark, *, steered: bool) -> None:
        """What may not stand beside what at one name."""
        if CNAME in found and owner == self._origin:
            self._complain(mark, "the zone's own name cannot be a CNAME: it has SOA and NS (RFC 1034 §3.6.2)")
        elif CNAME in found and (steered or len(found) > 1):
            self._complain(mark, f"'{text}' has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)")
        elif steered and not ADDRESSES.isdisjoint(found):
            self._complain(mark, f"'{text}' has addresses and a policy or pool; its addresses come from pools")
        elif steered and NS in found and owner != self._origin:
            self._complain(mark, f"'{text}' is delegated by its NS, so a policy or pool would never answer for it")

    def _complain(self, mark: Mark, message: str) -> None:
        self._reading.complain(self._reading.document.at(mark), message)
