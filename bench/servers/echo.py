"""What the sockets allow: a C program that sends each datagram back. No DNS server, but no UDP server passes it."""

from functools import partial
from pathlib import Path

from bench.facts import Facts
from bench.servers.peer import Peer, Setup
from bench.tools import ECHO as PROGRAM


def setup(_known: Facts, _folder: Path, port: int, *, words: tuple[str, ...] = ()) -> Setup:
    return Setup(argv=(str(PROGRAM), str(port), *words))


_GEO = frozenset({"geo"})  # it does not read what it echoes

ECHO = Peer(
    name="echo",
    settings="C, recvmmsg and sendmmsg of 64; the limit of the sockets",
    setup=setup,
    workloads=_GEO,
    is_dns=False,
)
GROUPING = Peer(
    name="echo grouped",
    settings="the same with UDP_SEGMENT where neighbours go to one address",
    setup=partial(setup, words=("group",)),
    workloads=_GEO,
    of_same="echo",
    is_dns=False,
)
SPINNING = Peer(
    name="echo spinning",
    settings="the same, and it does not sleep while it is asked",
    setup=partial(setup, words=("spin",)),
    workloads=_GEO,
    of_same="echo",
    is_dns=False,
)
