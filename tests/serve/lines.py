"""A line that only remembers, for sessions that are tested without sockets."""


class Remembered:
    def __init__(self, *, is_open: bool = True) -> None:
        self.client = memoryview(bytes((192, 0, 2, 7)))
        self.is_open = is_open
        self.written = bytearray()
        self.writes = 0
        self.got_on_times = 0
        self.is_closed = False

    def write(self, octets: bytes) -> None:
        self.written += octets
        self.writes += 1

    def got_on(self) -> None:
        self.got_on_times += 1

    def close(self) -> None:
        self.is_closed, self.is_open = True, False

    def abort(self) -> None:
        self.close()

    def taken(self) -> bytes:
        """What was written since the last time."""
        octets = bytes(self.written)
        self.written.clear()
        return octets
