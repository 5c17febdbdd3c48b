"""Ticket → a number at random: it says nothing of those before and after it.

A hash rather than a generator, so that there is no state to keep or to share. Two rounds of multiplying and folding
(C. Wellons, "Prospecting for Hash Functions", 2018), with a secret before and after each, so that rotations and servers
do not come to pieces of one sequence.
"""

from geodns.table import layout


def number_of(ticket: int, slot: int, seed: int) -> int:
    """31 bits. `slot`: whose ticket it is; `seed`: the server's."""
    return mixed(mixed(ticket ^ mixed(slot ^ seed)) ^ seed)


def mixed(word: int) -> int:
    """Of 31 bits another 31; each of them hangs on all of those."""
    word = (word ^ word >> 15) * 0x2C1B3C6D & layout.HASH_MASK
    word = (word ^ word >> 12) * 0x297A2D39 & layout.HASH_MASK
    return word ^ word >> 15
