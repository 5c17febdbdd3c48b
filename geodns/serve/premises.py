"""What outlives a process: sockets, shared memory, channels and the lifeline, opened once and handed to children.

Children get them as numbers of file descriptors, in JSON as an argument:

    WorkerFiles    what a worker needs to answer
    ControlFiles   what control needs to publish to the workers and to read their counters
"""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from geodns.answer.cells import MEMORY_SIZE, ROTATION_SIZE, SEED
from geodns.answer.conduct import Conduct
from geodns.answer.terms import COOKIES_ON, DATAGRAM
from geodns.model.endpoint import Endpoint
from geodns.serve import channel
from geodns.serve.counts import COUNTS_SIZE
from geodns.serve.keeper import Child
from geodns.serve.shared import Shared
from geodns.serve.sockets import Sockets, open_sockets

COUNTS_AT = (MEMORY_SIZE + 7) & ~7  # the counts follow the answers' memory in a thread's share of a worker's mapping
_LONGEST_KEEPALIVE = 0xFFFF  # tenths of a second: RFC 7828 §3.1
SHARE = COUNTS_AT + COUNTS_SIZE  # octets of a thread: cells have one writer, or counts would be lost


def shares(memory: memoryview) -> Sequence[memoryview]:
    """A worker's mapping, by its threads: first the one for all streams, then one for each UDP socket."""
    return [memory[at : at + SHARE] for at in range(0, len(memory) // SHARE * SHARE, SHARE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker is allowed: `tcp_idle` in seconds, TCP connections at a time; whether replies may leave as groups,
    and for how many seconds a UDP socket is asked again before its thread sleeps. From `udp_payload` on: see
    answer.conduct."""

    tcp_idle: float = 10.0
    tcp_connections: int = 500
    udp_segmentation: bool = True
    spin: float = 0.0
    udp_payload: int = DATAGRAM
    cookies: int = COOKIES_ON
    identity: str = ""
    version: str = ""
    extended_errors: bool = True
    log_level: str = "info"

    def conduct(self) -> Conduct:
        return Conduct(
            payload=self.udp_payload,
            cookies=self.cookies,
            identity=self.identity.encode("ascii"),
            version=self.version.encode("ascii"),
            keepalive=min(int(self.tcp_idle * 10), _LONGEST_KEEPALIVE),
            extended=int(self.extended_errors),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFiles:
    """File descriptors, and `state`: the folder of the generations."""

    number: int
    state: str
    udp: tuple[int, ...]
    tcp: tuple[int, ...]
    channel: int
    memory: int
    rotation: int
    lifeline: int
    limits: Limits

    def fds(self) -> tuple[int, ...]:
        return (*self.udp, *self.tcp, self.channel, self.memory, self.rotation, self.lifeline)

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "WorkerFiles":
        given = json.loads(text)
        limits = Limits(**given["limits"])
        return cls(**{**given, "udp": tuple(given["udp"]), "tcp": tuple(given["tcp"]), "limits": limits})


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFiles:
    """File descriptors; `channels` and `memories` are in the order of the workers."""

    channels: tuple[int, ...]
    memories: tuple[int, ...]
    rotation: int
    lifeline: int

    def fds(self) -> tuple[int, ...]:
        return (*self.channels, *self.memories, self.rotation, self.lifeline)

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "ControlFiles":
        given = json.loads(text)
        return cls(**{**given, "channels": tuple(given["channels"]), "memories": tuple(given["memories"])})


class Premises:
    """All of it. Raises CannotListen. A context manager, as nothing here may outlive the keeper."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        workers: int,
        limits: Limits = Limits(),
        secrets: Sequence[bytes] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`secrets`: of the cookies, where servers share some."""
        self._limits = limits
        self._sockets: tuple[Sockets, ...] = open_sockets(endpoints, workers)
        self._channels: list[tuple[socket.socket, socket.socket]] = [channel.open_pair() for _ in range(workers)]
        self._memories = [_shared(f"geodns-worker-{number}", SHARE * (1 + len(endpoints))) for number in range(workers)]
        self._rotation = _shared("geodns-rotation", ROTATION_SIZE)
        os.pwrite(self._rotation, os.urandom(4), SEED * 4)
        shared = Shared(self._rotation)
        shared.beat(clock())
        shared.take_secrets(secrets, clock())
        self._lifeline, self._lifeline_held = os.pipe()

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it listens, with the ports that the kernel picked."""
        return self._sockets[0].endpoints()

    def all_worker_files(self, state: Path) -> tuple[WorkerFiles, ...]:
        return tuple(self._worker_files(number, state) for number in range(len(self._sockets)))

    def workers(self, state: Path) -> tuple[Child, ...]:
        """The processes that answer, as the keeper wants them."""
        return tuple(_worker_child(files) for files in self.all_worker_files(state))

    def control_files(self) -> ControlFiles:
        return ControlFiles(
            channels=tuple(ours.fileno() for _, ours in self._channels),
            memories=tuple(self._memories),
            rotation=self._rotation,
            lifeline=self._lifeline,
        )

    def close(self) -> None:
        for sockets in self._sockets:
            sockets.close()
        for ends in self._channels:
            for end in ends:
                end.close()
        for fd in (*self._memories, self._rotation, self._lifeline, self._lifeline_held):
            os.close(fd)

    def __enter__(self) -> "Premises":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _worker_files(self, number: int, state: Path) -> WorkerFiles:
        return WorkerFiles(
            number=number,
            state=str(state),
            udp=tuple(sock.fileno() for sock in self._sockets[number].udp),
            tcp=tuple(sock.fileno() for sock in self._sockets[number].tcp),
            channel=self._channels[number][0].fileno(),
            memory=self._memories[number],
            rotation=self._rotation,
            lifeline=self._lifeline,
            limits=self._limits,
        )


def _worker_child(files: WorkerFiles) -> Child:
    # -P: `-m` would put the current folder before the installed packages.
    argv = (sys.executable, "-P", "-m", "geodns.serve.worker", files.encode())
    return Child(name=f"worker {files.number}", argv=argv, fds=files.fds())


def _shared(name: str, size: int) -> int:
    fd = os.memfd_create(name)
    os.ftruncate(fd, size)
    return fd
