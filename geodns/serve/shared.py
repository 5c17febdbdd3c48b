"""What control tells all workers at once, in the mapping that they share: that it is there, and the cookies' secrets.

Workers read these words one by one, without a lock. So a new secret is written to a slot that is empty, and only then
told to be the one that makes cookies; a secret that stays is not moved.
"""

import mmap
import os
from collections.abc import Sequence
from struct import Struct

from geodns.answer.cells import (
    HEARTBEAT,
    MAKER,
    ROTATION_SIZE,
    SECRET_SINCE,
    SECRET_SLOTS,
    SECRET_WORDS,
    SECRETS,
)

MOST_SECRETS = SECRET_SLOTS // 2  # in force at a time, so that as many new ones find an empty slot
SECRET_SIZE = 16  # octets
ROLL_OVER = 86400.0  # seconds that a drawn secret makes cookies; for as long again they are good

_WORDS = Struct("<4I")  # SipHash takes a key's octets lowest first


class Shared:
    """`rotation`: the mapping's descriptor, which stays the caller's."""

    def __init__(self, rotation: int) -> None:
        self._words = memoryview(mmap.mmap(rotation, ROTATION_SIZE)).cast("I")

    def beat(self, now: float) -> None:
        """Answers follow health as it is now."""
        self._words[HEARTBEAT] = int(now)

    def take_secrets(self, secrets: Sequence[bytes], now: float) -> None:
        """Those that the operator shares among servers; without any, one that is drawn, and in time another."""
        if secrets:
            install(self._words, secrets)
            self._words[SECRET_SINCE] = 0
        elif self._words[SECRET_SINCE] == 0 or not 0 <= now - self._words[SECRET_SINCE] < ROLL_OVER:
            last = secret_at(self._words, self._words[MAKER])  # cookies of it stay good
            install(self._words, [os.urandom(SECRET_SIZE), *([last] if any(last) else [])])
            self._words[SECRET_SINCE] = int(now)


def install(words: memoryview, secrets: Sequence[bytes]) -> None:
    """These and no others; the first makes new cookies."""
    assert 0 < len(secrets) <= MOST_SECRETS
    for secret in secrets:
        if secret not in _all(words):
            _put(words, _all(words).index(bytes(SECRET_SIZE)), secret)
    words[MAKER] = _all(words).index(secrets[0])
    for slot, secret in enumerate(_all(words)):
        if secret not in secrets:
            _put(words, slot, bytes(SECRET_SIZE))


def secret_at(words: memoryview, slot: int) -> bytes:
    """All zero where there is none."""
    first = SECRETS + slot * SECRET_WORDS
    return _WORDS.pack(*words[first : first + SECRET_WORDS])


def _all(words: memoryview) -> list[bytes]:
    return [secret_at(words, slot) for slot in range(SECRET_SLOTS)]


def _put(words: memoryview, slot: int, secret: bytes) -> None:
    first = SECRETS + slot * SECRET_WORDS
    for at, word in enumerate(_WORDS.unpack(secret), start=first):
        words[at] = word
