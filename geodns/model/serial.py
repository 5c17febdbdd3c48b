"""Serial numbers of zones: 32 bits that go round in a circle (RFC 1982)."""

CIRCLE = 1 << 32


def is_newer(serial: int, than: int) -> bool:
    """Whether it lies in the half of the circle that is ahead of the other one (§3.2)."""
    return 0 < (serial - than) % CIRCLE < CIRCLE // 2
