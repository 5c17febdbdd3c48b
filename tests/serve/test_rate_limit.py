"""A flood over real sockets: who floods is limited, who does not is answered, and who is cut comes by TCP."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode

from tests.serve.tables import NAME, publish

FLOODER, BESIDE = "127.0.0.9", "127.1.2.3"  # prefixes of their own: /24
PATIENCE = 20.0


@contextmanager
def served(state: Path, limit: str) -> Iterator[int]:
    """Two workers with a rate limit; the port."""
    publish(state, 7)
    code = f"""
import asyncio, sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from geodns.model.endpoint import Endpoint
from geodns.model.rate_limit import RateLimit
from geodns.serve.keeper import keep
from geodns.serve.premises import Limits, Premises
with Premises([Endpoint(ip_address("127.0.0.1"), 0)], 2, Limits(rate_limit={limit})) as premises:
    print(premises.endpoints()[0].port, flush=True)
    asyncio.run(keep(premises.workers(Path(sys.argv[1]))))
"""
    with subprocess.Popen([sys.executable, "-c", code, str(state)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def flood(port: int, count: int, source: str = FLOODER, rtype: str = "A") -> None:
    """From ports of its own, so that it reaches the threads of all workers."""
    packet = dns.message.make_query(NAME, rtype).to_wire()
    for _ in range(8):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((source, 0))
            for _ in range(count // 8):
                sock.sendto(packet, ("127.0.0.1", port))


def ask(port: int, source: str, rtype: str = "A") -> dns.message.Message:
    return dns.query.udp(dns.message.make_query(NAME, rtype), "127.0.0.1", PATIENCE, port, source)


def is_dropped(port: int, rtype: str = "A") -> bool:
    """One of a few questions: a slow machine may have time for answers between them."""
    for _ in range(5):
        flood(port, 80, rtype=rtype)
        try:
            dns.query.udp(dns.message.make_query(NAME, rtype), "127.0.0.1", 1.0, port, FLOODER)
        except dns.exception.Timeout:
            return True
    return False


def test_a_flood_takes_no_answer_from_another_prefix(tmp_path: Path) -> None:
    with served(tmp_path, "RateLimit(responses=20, total=100, slip=0)") as port:
        ask(port, BESIDE)  # they run
        for _ in range(10):
            flood(port, 80)
            assert len(ask(port, BESIDE).answer) == 1
        flood(port, 800)
        assert is_dropped(port)


def test_what_the_threads_leave_to_python_is_charged_to_the_same_accounts(tmp_path: Path) -> None:
    """Copies of zones: refused here, as one error like any other."""
    with served(tmp_path, "RateLimit(responses=20, total=100, slip=0)") as port:
        ask(port, BESIDE)
        assert is_dropped(port, "AXFR")
        assert ask(port, BESIDE, "AXFR").rcode() == dns.rcode.REFUSED
        assert len(ask(port, FLOODER).answer) == 1, "a name is another account"


def test_who_is_cut_gets_the_answer_by_tcp(tmp_path: Path) -> None:
    with served(tmp_path, "RateLimit(responses=1, total=1, slip=1)") as port:
        ask(port, BESIDE)
        flood(port, 80)
        reply = ask(port, FLOODER)
        assert reply.flags & dns.flags.TC
        assert not reply.answer
        question = dns.message.make_query(NAME, "A")
        full, by_tcp = dns.query.udp_with_fallback(question, "127.0.0.1", PATIENCE, port, FLOODER)
        assert by_tcp
        assert len(full.answer) == 1


def test_all_workers_share_the_accounts(tmp_path: Path) -> None:
    """A new port may lead to another thread, where the same account is used up."""
    with served(tmp_path, "RateLimit(responses=1, total=1, slip=1)") as port:
        ask(port, BESIDE)
        flood(port, 8)
        cut = sum(bool(ask(port, FLOODER).flags & dns.flags.TC) for _ in range(20))
        assert cut >= 10  # a slow machine may have a second between some of them


def test_exempt_networks_are_answered_in_full(tmp_path: Path) -> None:
    exempt = ip_network("127.0.0.0/24")
    with served(tmp_path, f"RateLimit(responses=1, total=1, slip=0, exempt=(ip_network({str(exempt)!r}),))") as port:
        assert all(ask(port, FLOODER).answer for _ in range(30))
