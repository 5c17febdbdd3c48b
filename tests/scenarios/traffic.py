"""Questions without end, from many ports, while something happens to the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

import dns.exception

from tests.scenarios.server import Server

FIRST_WAIT = 1.0  # seconds after which a question counts as lost and is asked again, as resolvers do


@dataclass(slots=True)
class Traffic:
    """What came of it. `lost`: asked twice; `failed`: not answered the second time either, or wrongly."""

    answered: int = 0
    lost: int = 0
    failed: list[str] = field(default_factory=list)


@contextmanager
def traffic(server: Server, name: str, address: str, *, askers: int = 4) -> Iterator[Traffic]:
    """While the block runs, `name` is asked for and should have this address. Ends with a last question each."""
    seen, over, lock = Traffic(), Event(), Lock()

    def ask() -> None:
        while not over.is_set():
            lost, fault = _ask(server, name, address)
            with lock:
                seen.answered += not fault
                seen.lost += lost
                seen.failed += [fault] if fault else []
            over.wait(0.002)  # enough to be felt, not enough to keep two processors from all else

    threads = [Thread(target=ask, daemon=True) for _ in range(askers)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _ask(server: Server, name: str, address: str) -> tuple[bool, str]:
    """Whether it had to be asked twice, and what is wrong with the answer."""
    lost = False
    try:
        try:
            reply = server.ask(name, timeout=FIRST_WAIT)
        except dns.exception.Timeout:
            lost = True
            reply = server.ask(name)
    except (dns.exception.DNSException, OSError) as error:
        return lost, repr(error)
    got = [rdata.to_text() for rrset in reply.answer for rdata in rrset]
    return lost, "" if got == [address] else f"got {got or reply.to_text()}"
