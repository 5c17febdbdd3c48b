"""The two sides of a stream's layers: what lies below one, and what lies above.

    transport ─ Connection ─ (Tls) ─ Stream, or a session of HTTP
                        Line ◀─▶ Speaker

A Connection is a Line; Tls is a Speaker to it and a Line to what is spoken inside; the rest are Speakers.
"""

from typing import Protocol


class Line(Protocol):
    """Below: takes octets to the peer."""

    @property
    def client(self) -> memoryview:
        """Packed, 4 or 16 octets: who the answers are for."""
        ...

    @property
    def is_open(self) -> bool:
        """False while the peer does not take what was written, and when it is being closed: answer no more then."""
        ...

    def write(self, octets: bytes) -> None: ...

    def got_on(self) -> None:
        """A whole query was answered, or another part of a long reply taken: the idle time begins anew."""
        ...

    def close(self) -> None:
        """After what was written has been taken."""
        ...

    def abort(self) -> None: ...


class Speaker(Protocol):
    """Above: takes what the peer has said."""

    @property
    def is_busy(self) -> bool:
        """Whether a reply is still being made, for which the peer waits rather than idles."""
        ...

    def received(self, octets: memoryview) -> None:
        """Valid during the call."""
        ...

    def resumed(self) -> None:
        """The peer takes again what is written: go on where the line was not open."""
        ...

    def finished(self) -> bool:
        """The peer says no more. True where the line must stay, for replies that are still being made."""
        ...

    def leave(self) -> None:
        """The server ends: no more queries, and close when the replies on their way have been taken."""
        ...

    def lost(self) -> None:
        """The line is gone."""
        ...
