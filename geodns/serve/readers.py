"""Who reads a UDP socket: compiled, a thread of its own; interpreted, asyncio's loop, between all else."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from geodns.serve.counts import Counts
from geodns.serve.current import Current
from geodns.serve.desk import Desk, ReplyTo
from geodns.serve.proxies import NO_PROXIES, Proxies
from geodns.serve.sockets import endpoint_of
from geodns.serve.udp import DatagramReader

try:
    from geodns.serve.datagrams import BatchReader
except ImportError:  # not built: there was no compiler
    COMPILED = False
else:
    COMPILED = True


AGAIN = 0.01  # seconds between two calls to a thread that is to end


@contextmanager
def read_datagrams(
    sock: socket.socket,
    desk: Desk,
    counts: Counts,
    segmentation: bool = True,
    spin: float = 0.0,
    proxies: Proxies = NO_PROXIES,
) -> Iterator[None]:
    """Answers what comes in at a bound socket, for as long as the context lasts. `spin` is in seconds."""
    reading = (
        _in_thread(batch_reader(sock, desk, counts, segmentation, spin, proxies), desk.current)
        if COMPILED
        else _in_loop(sock, desk, counts, proxies)
    )
    with reading:
        yield


def batch_reader(
    sock: socket.socket,
    desk: Desk,
    counts: Counts,
    segmentation: bool = True,
    spin: float = 0.0,
    proxies: Proxies = NO_PROXIES,
    reply_to: ReplyTo | None = None,
) -> "BatchReader":
    """`reply_to`: who speaks where the compiled lines do not, if not the desk."""
    return BatchReader(
        sock,
        desk.current,
        reply_to or desk.reply_to,
        desk.memory,
        counts.cells,
        wildcard=endpoint_of(sock).address.is_unspecified,
        segmentation=segmentation,
        spin=spin,
        proxies=proxies.octets,
    )


@contextmanager
def _in_thread(reader: "BatchReader", current: Current) -> Iterator[None]:
    current.listen(reader.take_up)
    thread = Thread(target=reader.run, name="datagrams")
    thread.start()
    try:
        yield
    finally:
        while thread.is_alive():
            reader.stop()
            thread.join(AGAIN)


@contextmanager
def _in_loop(sock: socket.socket, desk: Desk, counts: Counts, proxies: Proxies) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    loop.add_reader(sock, DatagramReader(sock, desk.reply_to, counts, proxies).drain)
    try:
        yield
    finally:
        loop.remove_reader(sock)
