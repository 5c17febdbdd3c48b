"""Who asks on a stream. The one place that says so: whatever names another client than the peer comes in here.

A preface stands before all else in a stream, TLS too. `preface_for` of a reception says from whom one is expected.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol


class BadPreface(ValueError):
    """It does not say whom it speaks for; the connection is closed."""


@dataclass(frozen=True, slots=True)
class Introduced:
    """`client`: the packed address that answers and limits go by; `rest`: what came after the preface."""

    client: bytes
    rest: bytes


class Preface(Protocol):
    def feed(self, octets: bytes) -> Introduced | None:
        """None: it is not whole yet. Raises BadPreface."""
        ...


PrefaceFor = Callable[[bytes], Preface | None]  # by the peer's packed address; None: the peer is the client


def expect_none(peer: bytes) -> Preface | None:
    return None


def peer_of(transport: asyncio.BaseTransport) -> bytes:
    """Its packed address; empty where it has gone already."""
    name = transport.get_extra_info("peername")
    return ip_address(name[0].partition("%")[0]).packed if name else b""
