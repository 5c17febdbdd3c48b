"""A tiny server over UDP, in a thread: what it does to each question is a function's matter."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

Answers = Callable[[bytes, int], list[bytes]]  # the packet, and how many came before it → what to send back


@contextmanager
def answering(answers: Answers) -> Iterator[int]:
    """The port. An empty datagram, from here only, ends it."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        thread = Thread(target=_serve, args=(sock, answers))
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            with socket.socket(type=socket.SOCK_DGRAM) as end:
                end.sendto(b"", sock.getsockname())
            thread.join(timeout=20)


def _serve(sock: socket.socket, answers: Answers) -> None:
    count = 0
    while True:
        packet, peer = sock.recvfrom(512)
        if not packet:
            return
        for reply in answers(packet, count):
            sock.sendto(reply, peer)
        count += 1


def reply_to(packet: bytes, rcode: int = 0, answers: int = 1) -> bytes:
    """Only the header is looked at."""
    return packet[:2] + bytes([0x84, rcode]) + packet[4:6] + answers.to_bytes(2, "big") + packet[8:]
