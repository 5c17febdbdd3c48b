"""A server that runs: its files written, its process started on its core, and ended by its number."""

import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path

import dns.exception
import dns.message
import dns.rcode

from bench.facts import Facts, host_address
from bench.servers.peer import Peer, Setup
from bench.workloads import Question

PATIENCE = 300.0  # seconds, for a million names on a busy machine
_POLL = 0.01
_REPLY = 0.2
PORTS = range(10_000, 32_768)  # Linux gives out those from 32,768 on


class CannotRun(Exception):
    """Says what, why, and where to read on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    peer: Peer
    pid: int
    port: int
    version: str
    started: float  # seconds from its start to its first right answer


def is_here(peer: Peer) -> bool:
    return not peer.program or shutil.which(peer.program, path=_path()) is not None


@contextmanager
def serving(peer: Peer, known: Facts, folder: Path, cores: Sequence[int]) -> Iterator[Running]:
    """Raises CannotRun where it does not start, or does not know what it is set to."""
    port = free_port()
    setup = peer.setup(known, folder, port)
    write_files(setup, folder)
    version = _version(peer, setup)
    _refuse_what_it_does_not_know(peer, setup, folder, version)
    first = last_host(known) if peer.is_dns else None
    with started(peer, setup, folder, port, cores, first) as (process, seconds):
        yield Running(peer=peer, pid=process.pid, port=port, version=version, started=seconds)


def write_files(setup: Setup, folder: Path) -> None:
    for name in setup.folders:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, content in setup.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


@contextmanager
def started(
    peer: Peer, setup: Setup, folder: Path, port: int, cores: Sequence[int], question: Question | None
) -> Iterator[tuple["subprocess.Popen[bytes]", float]]:
    """The process, and the seconds until it answered `question`, or anything where there is none."""
    argv = ["taskset", "-c", ",".join(map(str, cores)), *setup.argv]
    log = folder / "log"
    with log.open("wb") as output:
        begin = time.monotonic()
        process = subprocess.Popen(argv, stdout=output, stderr=output, cwd=folder, env=_environment(setup))
    try:
        _await_answer(peer, process, port, question, log)
        yield process, time.monotonic() - begin
    finally:
        _end(process)


def free_port() -> int:
    """Free for UDP and TCP. None of those that the kernel gives to who connects: a client that waits for the server to
    listen could connect to itself."""
    for _ in range(100):
        port = secrets.choice(PORTS)
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            try:
                stream.bind(("127.0.0.1", port))
                datagrams.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CannotRun("no port of 127.0.0.1 is free for UDP and TCP")


def last_host(known: Facts) -> Question:
    """A server that answers it has loaded all that it was given."""
    number = known.hosts - 1
    return Question(name=f"host{number}.{known.static_zones[-1]}", answers=frozenset({host_address(number)}))


def exchange(port: int, packet: bytes, timeout: float = _REPLY) -> bytes | None:
    """The reply, or None where none came in time."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.settimeout(timeout)
        sock.connect(("127.0.0.1", port))
        try:
            sock.send(packet)
            return sock.recv(4096)
        except OSError:
            return None


def _await_answer(
    peer: Peer, process: "subprocess.Popen[bytes]", port: int, question: Question | None, log: Path
) -> None:
    packet = (question or Question(name="geo.example", answers=frozenset())).packet()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotRun(f"{peer.name} ended with {process.returncode}: {_last_words(log)}")
        if _is_right(exchange(port, packet), question):
            return
        time.sleep(_POLL)
    raise CannotRun(f"{peer.name} did not answer within {PATIENCE:.0f} s: {_last_words(log)}")


def _is_right(reply: bytes | None, question: Question | None) -> bool:
    if reply is None or question is None:
        return reply is not None
    try:
        message = dns.message.from_wire(reply)
    except dns.exception.DNSException:
        return False
    return message.rcode() == dns.rcode.NOERROR and bool(message.answer)


def _version(peer: Peer, setup: Setup) -> str:
    """The first number that it tells of itself, and the speed behind it where there is one."""
    if not peer.version:
        return ""
    done = subprocess.run(peer.version, capture_output=True, text=True, env=_environment(setup), timeout=60)
    found = re.search(r"\d+\.\d+(?:\.\d+)?(?: \((?:compiled|interpreted)\))?", done.stdout + done.stderr)
    return found[0] if found else "unknown"


def _refuse_what_it_does_not_know(peer: Peer, setup: Setup, folder: Path, version: str) -> None:
    if peer.speed and peer.speed not in version:
        raise CannotRun(f"{peer.name}: {peer.settings} does not change its speed; it is {version}")
    if not setup.check:
        return
    done = subprocess.run(setup.check, capture_output=True, text=True, env=_environment(setup), timeout=PATIENCE)
    if done.returncode:
        said = (done.stdout + done.stderr).replace(f"{folder}/", "")
        first, _, _ = said.strip().partition("\n")
        raise CannotRun(f"{peer.name}: {first or f'its check ended with {done.returncode}'}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(setup: Setup) -> Mapping[str, str]:
    return {**environ, "PATH": _path(), **setup.environment}


def _path() -> str:
    """Debian's daemons are in folders that are not on everybody's path."""
    return f"{environ.get('PATH', '/usr/bin')}:/usr/sbin:/sbin"


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return " / ".join(lines[-3:]) or "it said nothing"
