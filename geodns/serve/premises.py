"""What outlives a process: sockets, shared memory, channels and the lifeline, opened once and handed to children.

Children get them as numbers of file descriptors, in JSON as an argument:

    WorkerFiles    what a worker needs to answer
    FrontFiles     what a front needs to answer what is encrypted
    ControlFiles   what control needs to publish to both and to read their counters
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from geodns.answer.cells import MEMORY_SIZE, ROTATION_SIZE, SEED
from geodns.answer.limits import SECRET, beginning, shared_size
from geodns.model.endpoint import Endpoint
from geodns.model.rate_limit import RateLimit
from geodns.serve import channel
from geodns.serve.certificate import Pair
from geodns.serve.counts import COUNTS_SIZE
from geodns.serve.keeper import Child
from geodns.serve.sockets import CannotListen, Sockets, endpoint_of, open_listeners, open_sockets

COUNTS_AT = (MEMORY_SIZE + 7) & ~7  # the counts follow the answers' memory in a thread's share of a worker's mapping
SHARE = COUNTS_AT + COUNTS_SIZE  # octets of a thread: cells have one writer, or counts would be lost
CERTIFICATE_SIZE = 16
CERTIFICATE_AT = 2 * SHARE  # a front's mapping ends with what it has to tell of its certificate


def shares(memory: memoryview) -> Sequence[memoryview]:
    """A worker's mapping, by its threads: first the one for all streams, then one for each UDP socket. A front's, by
    what comes in: over TLS, over HTTPS."""
    return [memory[at : at + SHARE] for at in range(0, len(memory) // SHARE * SHARE, SHARE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker is allowed: `tcp_idle` in seconds, TCP connections at a time, in all and of each client; whether
    replies may leave as groups, and for how many seconds a UDP socket is asked again before its thread sleeps.
    `rate_limit` None: no reply is too much."""

    tcp_idle: float = 10.0
    tcp_connections: int = 500
    tcp_each: int = 100
    udp_segmentation: bool = True
    spin: float = 0.0
    proxies: tuple[str, ...] = ()
    log_level: str = "info"
    rate_limit: RateLimit | None = None

    @classmethod
    def decoded(cls, given: Mapping[str, Any]) -> "Limits":
        limit = _rate_limit(given["rate_limit"])
        return cls(**{**given, "proxies": tuple(given["proxies"]), "rate_limit": limit})


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
    accounts: int
    lifeline: int
    limits: Limits

    def fds(self) -> tuple[int, ...]:
        return (*self.udp, *self.tcp, self.channel, self.memory, self.rotation, self.accounts, self.lifeline)

    def encode(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def decode(cls, text: str) -> "WorkerFiles":
        given = json.loads(text)
        lists = {key: tuple(given[key]) for key in ("udp", "tcp")}
        return cls(**{**given, **lists, "limits": Limits.decoded(given["limits"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypted:
    """What is encrypted, and how: endpoints, the path of HTTPS, the certificate, and how many processes share the work.
    Without endpoints or a certificate there are none."""

    tls: tuple[Endpoint, ...] = ()
    https: tuple[Endpoint, ...] = ()
    path: str = "/dns-query"
    pair: Pair | None = None
    fronts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontFiles:
    """File descriptors, `state` as for a worker, and the rest as in Encrypted."""

    number: int
    state: str
    tls: tuple[int, ...]
    https: tuple[int, ...]
    path: str
    pair: Pair
    channel: int
    memory: int
    rotation: int
    lifeline: int
    limits: Limits

    def fds(self) -> tuple[int, ...]:
        return (*self.tls, *self.https, self.channel, self.memory, self.rotation, self.lifeline)

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "FrontFiles":
        given = json.loads(text)
        lists = {key: tuple(given[key]) for key in ("tls", "https")}
        return cls(**{**given, **lists, "limits": Limits.decoded(given["limits"]), "pair": Pair(**given["pair"])})


def _rate_limit(given: Mapping[str, Any] | None) -> RateLimit | None:
    return None if given is None else RateLimit(**{**given, "exempt": tuple(map(ip_network, given["exempt"]))})


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFiles:
    """File descriptors; `channels` and `memories` are in the order of the workers, those of fronts in theirs."""

    channels: tuple[int, ...]
    memories: tuple[int, ...]
    front_channels: tuple[int, ...] = ()
    front_memories: tuple[int, ...] = ()
    rotation: int
    accounts: int
    lifeline: int

    def fds(self) -> tuple[int, ...]:
        ends = (*self.channels, *self.memories, *self.front_channels, *self.front_memories)
        return (*ends, self.rotation, self.accounts, self.lifeline)

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "ControlFiles":
        given = json.loads(text)
        lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
        return cls(**{**given, **lists})


class Premises:
    """All of it. Raises CannotListen. A context manager, as nothing here may outlive the keeper."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        workers: int,
        limits: Limits = Limits(),
        encrypted: Encrypted = Encrypted(),
    ) -> None:
        fronts = encrypted.fronts if encrypted.pair and (encrypted.tls or encrypted.https) else 0
        self._limits = limits
        self._encrypted = encrypted
        self._sockets: tuple[Sockets, ...] = open_sockets(endpoints, workers)
        try:
            self._tls = open_listeners(encrypted.tls, fronts)
            self._https = open_listeners(encrypted.https, fronts)
        except CannotListen:
            for sockets in self._sockets:
                sockets.close()
            raise
        self._channels = [channel.open_pair() for _ in range(workers)]
        self._memories = [_shared(f"geodns-worker-{number}", SHARE * (1 + len(endpoints))) for number in range(workers)]
        self._front_channels = [channel.open_pair() for _ in range(fronts)]
        self._front_memories = [
            _shared(f"geodns-front-{number}", CERTIFICATE_AT + CERTIFICATE_SIZE) for number in range(fronts)
        ]
        self._rotation = _shared("geodns-rotation", ROTATION_SIZE)
        os.pwrite(self._rotation, os.urandom(4), SEED * 4)
        self._accounts = _accounts(limits.rate_limit)
        self._lifeline, self._lifeline_held = os.pipe()

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where it listens, with the ports that the kernel picked."""
        return self._sockets[0].endpoints()

    def encrypted_endpoints(self) -> tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]:
        """The same for TLS and for HTTPS; none where there is no front."""
        if not self._front_channels:
            return (), ()
        return tuple(map(endpoint_of, self._tls[0])), tuple(map(endpoint_of, self._https[0]))

    def all_front_files(self, state: Path) -> tuple[FrontFiles, ...]:
        return tuple(self._front_files(number, state) for number in range(len(self._front_channels)))

    def fronts(self, state: Path) -> tuple[Child, ...]:
        return tuple(_front_child(files) for files in self.all_front_files(state))

    def all_worker_files(self, state: Path) -> tuple[WorkerFiles, ...]:
        return tuple(self._worker_files(number, state) for number in range(len(self._sockets)))

    def workers(self, state: Path) -> tuple[Child, ...]:
        """The processes that answer, as the keeper wants them."""
        return tuple(_worker_child(files) for files in self.all_worker_files(state))

    def control_files(self) -> ControlFiles:
        return ControlFiles(
            channels=tuple(ours.fileno() for _, ours in self._channels),
            memories=tuple(self._memories),
            front_channels=tuple(ours.fileno() for _, ours in self._front_channels),
            front_memories=tuple(self._front_memories),
            rotation=self._rotation,
            accounts=self._accounts,
            lifeline=self._lifeline,
        )

    def close(self) -> None:
        for sockets in self._sockets:
            sockets.close()
        for sock in (sock for listeners in (*self._tls, *self._https) for sock in listeners):
            sock.close()
        for end in (end for ends in (*self._channels, *self._front_channels) for end in ends):
            end.close()
        shared = (*self._memories, *self._front_memories, self._rotation, self._accounts)
        for fd in (*shared, self._lifeline, self._lifeline_held):
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
            accounts=self._accounts,
            lifeline=self._lifeline,
            limits=self._limits,
        )

    def _front_files(self, number: int, state: Path) -> FrontFiles:
        encrypted = self._encrypted
        assert encrypted.pair
        return FrontFiles(
            number=number,
            state=str(state),
            tls=tuple(sock.fileno() for sock in self._tls[number]),
            https=tuple(sock.fileno() for sock in self._https[number]),
            path=encrypted.path,
            pair=encrypted.pair,
            channel=self._front_channels[number][0].fileno(),
            memory=self._front_memories[number],
            rotation=self._rotation,
            lifeline=self._lifeline,
            limits=self._limits,
        )


def _worker_child(files: WorkerFiles) -> Child:
    # -P: `-m` would put the current folder before the installed packages.
    argv = (sys.executable, "-P", "-m", "geodns.serve.worker", files.encode())
    return Child(name=f"worker {files.number}", argv=argv, fds=files.fds())


def _accounts(limit: RateLimit | None) -> int:
    """What rate limiting keeps; without it there is nothing to keep, and a descriptor all the same."""
    fd = _shared("geodns-accounts", 0 if limit is None else shared_size(limit))
    if limit is not None:
        os.pwrite(fd, beginning(limit, os.urandom(SECRET)), 0)
    return fd


def _front_child(files: FrontFiles) -> Child:
    argv = (sys.executable, "-P", "-m", "geodns.serve.front", files.encode())
    return Child(name=f"front {files.number}", argv=argv, fds=files.fds(), takes_hangup=True)


def _shared(name: str, size: int) -> int:
    fd = os.memfd_create(name)
    os.ftruncate(fd, size)
    return fd
