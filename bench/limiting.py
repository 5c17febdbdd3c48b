"""Rate limiting in floods: what is left of the answers to those who mean it, and of the flood. In simulated time.

    python -m bench.limiting

One query in a hundred is honest. Each flood is put to the answer path itself, and time is what the simulation says.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from bench.answer import ORIGIN, names_of, query, zone
from geodns.answer.limits import SECRET, fresh_memory, limiter_for
from geodns.answer.memory import private_memory
from geodns.answer.query import Query
from geodns.answer.reply import answer
from geodns.answer.terms import UDP
from geodns.model.name import parse_name
from geodns.model.rate_limit import RateLimit
from geodns.table.compile import plans_part
from geodns.table.image import Table, open_table
from geodns.table.lands import Lands, territories_part

PER_SECOND = 50_000  # queries, the honest ones among them
HONEST = 0.01
NAMES = 1000
VICTIM = bytes((192, 0, 2))  # a /24
RESOLVERS = 20  # networks that honest queries come from
SETTLING = 2  # seconds before anything is counted
SECONDS = 10

Asked = tuple[bytes, memoryview]  # by whom, and what


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Shares of the honest queries by what they got, and octets sent for one octet of the flood."""

    full: float
    cut: float  # and so asked again over TCP
    amplified: float

    @property
    def lost(self) -> float:
        return 1 - self.full - self.cut


def served() -> Table:
    """A zone of static names."""
    plain = replace(zone(NAMES), steered={}, pools={}, policies={})
    parts = {"names": names_of(plain), "territories": territories_part(Lands((), {})), "plans": plans_part([])}
    return open_table(parts)


def host(number: int) -> memoryview:
    return query(parse_name(f"host{number}", ORIGIN))


def missing(dice: Random) -> memoryview:
    return query(parse_name(f"{dice.getrandbits(64):x}", ORIGIN))


HOSTS = [host(number) for number in range(NAMES)]


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def resolver(dice: Random) -> bytes:
    return bytes((198, 18, dice.randrange(RESOLVERS), dice.randrange(256)))


def _in_victim(dice: Random) -> bytes:
    return VICTIM + dice.randbytes(1)


def elsewhere(dice: Random) -> Asked:
    return resolver(dice), dice.choice(HOSTS)


def in_the_victim(dice: Random) -> Asked:
    return _in_victim(dice), dice.choice(HOSTS)


def one_name(dice: Random) -> Asked:
    return _in_victim(dice), HOSTS[0]


def all_names(dice: Random) -> Asked:
    return _in_victim(dice), dice.choice(HOSTS)


def from_everywhere(dice: Random) -> Asked:
    return dice.randbytes(4), dice.choice(HOSTS)


def random_names(dice: Random) -> Asked:
    """By the resolvers that honest queries come from, too."""
    return resolver(dice), missing(dice)


Asker = Callable[[Random], Asked]
SCENES: dict[str, tuple[Asker, Asker]] = {  # the flood, the honest
    "one name, as a victim; honest ones elsewhere": (one_name, elsewhere),
    "one name, as a victim; honest ones within it": (one_name, in_the_victim),
    "all names, as a victim; honest ones elsewhere": (all_names, elsewhere),
    "all names, as a victim; honest ones within it": (all_names, in_the_victim),
    "as everybody; honest ones at resolvers": (from_everywhere, elsewhere),
    "random names through the resolvers of honest ones": (random_names, elsewhere),
}


# ── what they get ─────────────────────────────────────────────────────────────────────────────────────────────────


class _Server:
    def __init__(self, table: Table, limit: RateLimit | None) -> None:
        limiter = None if limit is None else limiter_for(limit, fresh_memory(limit, Random(53).randbytes(SECRET)))
        self.memory = private_memory(limiter=limiter)
        self.memory.now = 1_795_000_000_000
        self._table = table
        self._scratch = Query()
        self._reply = memoryview(bytearray(1232))

    def ask(self, asked: Asked) -> tuple[str, int]:
        """What came of it, and octets of the reply."""
        client, packet = asked
        self._scratch.take(packet, len(packet), memoryview(client), UDP, self._reply)
        size = answer(self._table, self._scratch, self.memory)
        if size == 0:
            return "lost", 0
        return ("cut" if self._reply[2] & 2 else "full"), size


def played(
    table: Table, flood: Asker, honest: Asker, limit: RateLimit | None, *, per_second: int = PER_SECOND
) -> Outcome:
    dice, server = Random(1), _Server(table, limit)
    fates: Counter[str] = Counter()
    received = sent = 0
    for counts in _milliseconds():
        server.memory.now += 1
        for _ in range(per_second // 1000):
            is_honest = dice.random() < HONEST
            asked = (honest if is_honest else flood)(dice)
            fate, size = server.ask(asked)
            if counts and is_honest:
                fates[fate] += 1
            elif counts:
                received += len(asked[1])
                sent += size
    total = max(1, fates.total())
    return Outcome(full=fates["full"] / total, cut=fates["cut"] / total, amplified=sent / received)


def _milliseconds() -> Iterator[bool]:
    """Whether each counts."""
    yield from (at >= SETTLING * 1000 for at in range((SETTLING + SECONDS) * 1000))


def main() -> None:
    table = served()
    print(f"{PER_SECOND:,} queries a second, one in {1 / HONEST:.0f} honest; {SECONDS} s\n")
    print(f"{'the flood asks for …':<52}{'limit':<8}{'answered':>9}{'cut':>8}{'lost':>8}{'sent/received':>15}")
    for what, (flood, honest) in SCENES.items():
        for name, limit in {"none": None, "default": RateLimit()}.items():
            came = played(table, flood, honest, limit)
            shares = f"{came.full:>9.1%}{came.cut:>8.1%}{came.lost:>8.1%}"
            print(f"{what:<52}{name:<8}{shares}{came.amplified:>15.2f}")


if __name__ == "__main__":
    main()
