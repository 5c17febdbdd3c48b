"""One end of the line between control and a worker: whole messages, never waited for.

The keeper holds both ends open, so what is said to a worker that has died waits for its successor.
"""

import logging
import os
import socket
from collections.abc import Iterator

from geodns.serve.messages import MAX_MESSAGE, BadMessage, Message, decode, encode

log = logging.getLogger(__name__)


def open_pair() -> tuple[socket.socket, socket.socket]:
    """The worker's end and control's."""
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for end in pair:
        end.setblocking(False)
    return pair


class Channel:
    """Either end. Made from a descriptor, which stays the caller's: the channel closes only its own copy."""

    def __init__(self, fd: int) -> None:
        self._sock = socket.socket(fileno=os.dup(fd))

    def fileno(self) -> int:
        """For `add_reader`: readable means that `messages()` has something."""
        return self._sock.fileno()

    def send(self, message: Message) -> bool:
        """False where the other side has long not listened, or is gone; it asks again when it is back."""
        try:
            self._sock.send(encode(message))
        except OSError:
            return False
        return True

    def messages(self) -> Iterator[Message]:
        """Those that have arrived."""
        while True:
            try:
                octets = self._sock.recv(MAX_MESSAGE)
            except OSError:  # none left, or the other end is gone
                return
            if not octets:
                return
            try:
                yield decode(octets)
            except BadMessage as error:
                log.warning("ignored: %s; restart geodns, so that all of its processes are of one version", error)

    def close(self) -> None:
        self._sock.close()
