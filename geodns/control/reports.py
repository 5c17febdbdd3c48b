"""Who has reported which load, and what members ask for: from probes as they are heard, and from the API."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict

from geodns.load.reading import Report
from geodns.model.check import Result, Target
from geodns.model.name import BadName, parse_name, show
from geodns.model.pool import Member, Pool, PoolName
from geodns.model.verdict import MemberKey, PoolKey
from geodns.model.zone import Zone

EXPIRES = 60.0  # seconds: how long a load that was sent counts where nobody says
_FRESH, _LEAST_FRESH = 3, 30.0  # intervals of a check, and seconds, for which its reports count
_KEPT = 600.0  # seconds, at least, for which it is remembered when the last one came

Key = PoolKey | MemberKey


class ReportBook:
    """The last report of each. `document`: what `to_json` wrote before a restart.

    Reports come in on the loop while a thread looks at them, so whoever goes over all of them takes a copy first.
    """

    def __init__(self, document: Mapping[str, object], clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._sent: dict[Key, Report] = dict(_sent_from(document.get("sent")))
        self._probed: dict[Target, Report] = {}
        self._asked: dict[Target, float] = {}  # of their weight, what members that ever asked for less ask for now
        self._users: dict[Target, list[MemberKey]] = {}  # of the targets whose checks may tell a load
        self._asked_before = document.get("asked")

    def __repr__(self) -> str:
        return f"<ReportBook {len(self._probed)} probed, {len(self._sent)} sent>"

    def watch(self, zones: Iterable[Zone]) -> None:
        """From now on these zones' members report; what is known of those that stay, stays."""
        self._users = {}
        now = self._clock()
        self._sent = {key: report for key, report in self._sent.items() if now < report.until + _KEPT}
        for zone in zones:
            for pool in zone.pools.values():
                for member in pool.members if pool.check and pool.check.tells_load else ():
                    for target in _targets(pool, member):
                        self._users.setdefault(target, []).append(MemberKey(zone.name, pool.name, member.name))
        self._probed = {target: report for target, report in self._probed.items() if target in self._users}
        asked = {str(target): part for target, part in self._asked.items()} or self._asked_before
        self._asked = dict(_parts_of(self._users, asked))
        self._asked_before = None

    def hear(self, result: Result) -> list[PoolKey]:
        """One more result; nearly all say nothing of load. Returns the pools whose members ask for another part."""
        target = result.target
        if not result.ok or target not in self._users:
            return []
        if result.load is not None:
            now, check = self._clock(), target.check
            until = now + max(_LEAST_FRESH, _FRESH * check.interval + check.timeout)
            self._probed[target] = Report(result.load, now, until)
        if result.part == self._asked.get(target, 1.0):
            return []
        self._asked[target] = result.part
        return [(key.zone, key.pool) for key in self._users[target]]

    def send(self, key: Key, load: float, expires: float) -> None:
        """A load that somebody else has seen. `expires`: in so many seconds."""
        now = self._clock()
        self._sent[key] = Report(load, now, now + expires)

    def of_pool(self, key: PoolKey) -> Report | None:
        return self._sent.get(key)

    def of_member(self, key: MemberKey, pool: Pool, member: Member) -> Report | None:
        """What was sent while it counts; else the highest of those that count of its addresses; else the last."""
        now, sent = self._clock(), self._sent.get(key)
        if sent is not None and now < sent.until:
            return sent
        probed = [report for target in _targets(pool, member) if (report := self._probed.get(target))]
        if counting := [report for report in probed if now < report.until]:
            return max(counting, key=lambda report: report.load)
        return max([*probed, *([sent] if sent else [])], key=lambda report: report.at, default=None)

    def asked(self) -> dict[MemberKey, float]:
        """Of its weight, what a member asks for; of several addresses the least counts."""
        asked: dict[MemberKey, float] = {}
        for target, part in tuple(self._asked.items()):
            for key in self._users.get(target, ()):
                asked[key] = min(part, asked.get(key, 1.0))
        return {key: part for key, part in asked.items() if part < 1}

    def to_json(self) -> dict[str, object]:
        """Probes are asked again after a restart; what was sent, and what members asked for, is kept."""
        return {
            "sent": [{**_names(key), **asdict(report)} for key, report in tuple(self._sent.items())],
            "asked": {str(target): part for target, part in tuple(self._asked.items()) if part < 1},
        }


def _targets(pool: Pool, member: Member) -> Iterator[Target]:
    if pool.check is not None:
        for address in member.addresses:
            yield Target(pool.check, address)


def _parts_of(targets: Iterable[Target], asked: object) -> Iterator[tuple[Target, float]]:
    """By the key that survives a restart, and an edit of the check."""
    if isinstance(asked, Mapping):
        for target in targets:
            if isinstance(part := asked.get(str(target)), int | float) and 0 < part < 1:
                yield target, float(part)


def _names(key: Key) -> dict[str, object]:
    if isinstance(key, MemberKey):
        return {"zone": show(key.zone), "pool": key.pool, "member": key.member}
    return {"zone": show(key[0]), "pool": key[1]}


def _sent_from(entries: object) -> Iterator[tuple[Key, Report]]:
    """Entries of another shape are passed over."""
    for entry in entries if isinstance(entries, list) else ():
        match entry:
            case {
                "zone": str(zone),
                "pool": str(pool),
                "load": int() | float() as load,
                "at": int() | float() as at,
                "until": int() | float() as until,
            }:
                with suppress(BadName):
                    name, member = parse_name(zone), entry.get("member")
                    key = MemberKey(name, PoolName(pool), str(member)) if member else (name, PoolName(pool))
                    yield key, Report(load, at, until)
