"""Octets of a stream ↔ messages (RFC 1035 §4.2.2, RFC 7766 §8): two octets of length before each. Pure."""

from geodns.serve.failure import HEADER_SIZE

PREFIX = 2  # octets of length before a message


class BadFrame(ValueError):
    """A message that is shorter than a header: what follows cannot be trusted to be framed."""


class Framing:
    """What has come and is no whole message yet, or is not asked for yet."""

    def __init__(self) -> None:
        self._unread = bytearray()
        self._at = 0

    def feed(self, octets: memoryview) -> None:
        self._unread += octets

    def next(self) -> bytes | None:
        """The next whole message; None: there is none yet. Raises BadFrame."""
        start = self._at + PREFIX
        if len(self._unread) < start:
            self._tidy()
            return None
        size = int.from_bytes(self._unread[self._at : start], "big")
        if size < HEADER_SIZE:
            raise BadFrame(f"a message of {size} octets")
        if len(self._unread) < start + size:
            self._tidy()
            return None
        self._at = start + size
        return bytes(self._unread[start : self._at])

    def _tidy(self) -> None:
        # Once for all messages of a chunk: each would move what comes after it.
        del self._unread[: self._at]
        self._at = 0


def framed(message: bytes | memoryview) -> bytes:
    return len(message).to_bytes(PREFIX, "big") + message
