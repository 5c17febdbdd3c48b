"""Which prefixes are limited most, for people to read: a few slots in the memory that all workers share.

A slot keeps the prefix that has most of what comes to it (the majority vote of Boyer and Moore): another one takes a
vote from it, and its place when none is left. Control reads the slots and empties them. Nobody waits for anybody; what
is read is good for a line in the log, not for a sum.

    a slot:   8 octets of the address · 8 more · how often it was limited since it took the place · votes
"""

from geodns.answer import cells
from geodns.answer.limiter import Limiter


def note(limiter: Limiter) -> None:
    """The client of the limiter was limited."""
    slot = cells.CROWD + (limiter.bucket & cells.CROWD_SLOTS - 1) * cells.CROWD_WORDS
    high = _two(limiter, 0)
    low = _two(limiter, 2)
    votes = limiter.words[slot + 3]
    if votes == 0:
        limiter.words[slot] = high
        limiter.words[slot + 1] = low
        limiter.words[slot + 2] = 1
        limiter.words[slot + 3] = 1
    elif limiter.words[slot] == high and limiter.words[slot + 1] == low:
        limiter.words[slot + 2] += 1
        limiter.words[slot + 3] = votes + 1
    else:
        limiter.words[slot + 3] = votes - 1


def _two(limiter: Limiter, at: int) -> int:
    """Two words of the client's prefix as one."""
    upper = limiter.client[at] & limiter.masks[limiter.mask + at]
    lower = limiter.client[at + 1] & limiter.masks[limiter.mask + at + 1]
    return upper << 32 | lower
