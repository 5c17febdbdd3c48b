"""Debian's packages of the peers. Its daemons start themselves at install, unless a policy forbids it."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.servers.peer import Peer

_POLICY = Path("/usr/sbin/policy-rc.d")  # exit code 101: start nothing
_APT = ("apt-get", "install", "--yes", "--no-install-recommends")


def packages(peers: Iterable[Peer]) -> list[str]:
    return sorted({package for peer in peers for package in peer.packages})


def command(peers: Iterable[Peer]) -> str:
    return " ".join(("apt-get install --no-install-recommends", *packages(peers)))


def install(peers: Iterable[Peer]) -> None:
    """As root, on Debian and its kin."""
    with nothing_starts(_POLICY):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([*_APT, *packages(peers)], env=environment, check=True)


@contextmanager
def nothing_starts(policy: Path) -> Iterator[None]:
    """A policy of the machine's own is left alone."""
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()
