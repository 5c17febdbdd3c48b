"""A million static names: how long a server takes to its first answer, and the memory that it has then.

One server at a time. geodns starts twice: from its zone files, and from the generation that it saved.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.accounting import family, memory
from bench.facts import Facts, facts
from bench.report import Scale
from bench.running import CannotRun, free_port, last_host, started, write_files
from bench.servers.peer import Peer

ZONES, HOSTS = 1_000, 1_000


def measure(peers: Sequence[Peer], root: Path, core: int) -> Iterator[Scale]:
    known = facts(zones=ZONES, hosts=HOSTS)
    for peer in peers:
        try:
            yield _measure(peer, known, root / f"scale-{peer.name}", core)
        except CannotRun as fault:
            yield Scale(server=peer.name, started=0, restarted=None, memory=memory([]), fault=str(fault))


def _measure(peer: Peer, known: Facts, folder: Path, core: int) -> Scale:
    folder.mkdir(parents=True)
    port = free_port()
    setup = peer.setup(known, folder, port)
    write_files(setup, folder)
    last = last_host(known)
    with started(peer, setup, folder, port, [core], last) as (process, first):
        used = memory(family(process.pid))
    if not setup.check:  # it keeps nothing from one start to the next
        return Scale(server=peer.name, started=first, restarted=None, memory=used)
    with started(peer, setup, folder, port, [core], last) as (process, again):
        return Scale(server=peer.name, started=first, restarted=again, memory=memory(family(process.pid)))
