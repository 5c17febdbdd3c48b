"""What probing costs: CPU seconds a second for thousands of targets in their rhythm, and how late probes start.

    python -m bench.probes [--targets 10000] [--interval 10] [--seconds 20] [--kinds tcp http] [--delay 0.05]

Monitor, prober, verdicts and metrics as control has them; the members are one process that accepts on all of
127.0.0.0/8, and answers HTTP after `--delay`. Counted is what comes after the first round. Lateness: how much more than
an interval lies between two probes of a target.
"""

import argparse
import asyncio
import gc
import logging
import resource
import ssl
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from ipaddress import IPv4Address
from itertools import cycle, pairwise
from pathlib import Path

import trustme

from bench.many import HERE
from geodns.admin.metrics import Metrics
from geodns.control.folder import StateFolder
from geodns.control.monitor import Monitor
from geodns.model.check import Check, Heard, Probe, Result
from geodns.model.name import parse_name
from geodns.model.place import Address
from geodns.model.pool import Member, Pool, PoolName
from geodns.model.verdict import PoolKey
from geodns.model.zone import Soa, Zone
from geodns.probe import Http, Https, Tcp
from geodns.probe.expect import Expect

HOST = "www.example.com"
BODY = b"all is ok here"
REPLY = (
    b"HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
)
FIRST = int(IPv4Address("127.1.0.0"))
MEMBERS = 2


class Noted:
    """A probe whose starts are noted; `starts` by address, on the loop's clock."""

    def __init__(self, probe: Probe, starts: dict[Address, list[float]]) -> None:
        self._probe = probe
        self._starts = starts

    async def ask(self, address: Address) -> Heard:
        self._starts.setdefault(address, []).append(time.monotonic())
        return await self._probe.ask(address)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--targets", type=int, default=10_000)
    parser.add_argument("--interval", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--kinds", nargs="+", default=["tcp", "http"], choices=["tcp", "http", "https"])
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--members", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    if options.members:
        asyncio.run(_members(options.members, options.delay))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(options, Path(folder)))


# ── the one who asks ──────────────────────────────────────────────────────────────────────────────────────────────


async def _measure(options: argparse.Namespace, folder: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.probes", "--members", folder, "--delay", str(options.delay),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    try:
        plain, tls = map(int, (await child.stdout.readline()).split())
        probes: dict[str, Probe] = {
            "tcp": Tcp(port=plain),
            "http": Http(port=plain, path="/healthz", host=HOST, expect=Expect(body="ok")),
            "https": Https(port=tls, path="/healthz", host=HOST, ca=str(folder / "ca.pem"), expect=Expect(body="ok")),
        }
        await _probe(options, folder, [probes[kind] for kind in options.kinds])
    finally:
        child.terminate()
        await child.wait()


async def _probe(options: argparse.Namespace, folder: Path, probes: Sequence[Probe]) -> None:
    starts: dict[Address, list[float]] = {}
    outcomes: Counter[str] = Counter()
    metrics = Metrics()

    def heard(result: Result) -> None:
        metrics.hear(result)
        outcomes[result.detail] += 1

    async def publish(_: Collection[PoolKey]) -> None:
        return None

    monitor = Monitor(StateFolder(folder), heard)
    monitor.watch(_zones(options, [Noted(probe, starts) for probe in probes]), True)
    gc.freeze()  # as control does after a reload
    running = asyncio.create_task(monitor.run(publish))
    await asyncio.sleep(options.interval + 2)
    outcomes.clear()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    await asyncio.sleep(options.seconds)
    after, took = resource.getrusage(resource.RUSAGE_SELF), time.monotonic() - began
    running.cancel()
    await asyncio.wait([running])
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    probed = outcomes.total()
    print(f"{options.targets:,} targets ({', '.join(options.kinds)}) every {options.interval:g} s: {dict(outcomes)}")
    print(f"  {probed / took:.0f} probes a second, {(user + system) / took:.3f} of a core", end="")
    print(f": {(user + system) / probed * 1e6:.0f} µs a probe (user {user / probed * 1e6:.0f})")
    late = sorted(later - earlier - options.interval for each in starts.values() for earlier, later in pairwise(each))
    quantiles = ", ".join(f"p{share:g} {late[int(len(late) * share / 100)] * 1e3:.1f} ms" for share in (50, 99, 99.9))
    print(f"  lateness: {quantiles}, at most {late[-1] * 1e3:.1f} ms")


def _zones(options: argparse.Namespace, probes: Sequence[Probe]) -> list[Zone]:
    """A pool of two members to each check, ten pools to a zone."""
    pools = _pools(options, probes)
    return [_zone(number, [next(pools) for _ in range(10)]) for number in range(options.targets // MEMBERS // 10)]


def _zone(number: int, pools: list[Pool]) -> Zone:
    origin = parse_name(f"z{number}.example.com.")
    soa = Soa(primary=origin, contact=origin, ttl=300)
    return Zone(name=origin, soa=soa, rrsets=(), pools={pool.name: pool for pool in pools}, source=HERE)


def _pools(options: argparse.Namespace, probes: Sequence[Probe]) -> Iterator[Pool]:
    for number, probe in enumerate(cycle(probes)):
        check = Check(
            zone=f"z{number // 10}.example.com.",
            name=f"check{number % 10}",
            type="any",
            probe=probe,
            interval=options.interval,
            source=HERE,
        )
        addresses = (IPv4Address(FIRST + number * MEMBERS + each) for each in range(MEMBERS))
        members = tuple(Member(name=str(each), addresses=(each,), source=HERE) for each in addresses)
        yield Pool(name=PoolName(f"p{number}"), members=members, check=check, source=HERE)


# ── those who are asked ───────────────────────────────────────────────────────────────────────────────────────────


class _Member(asyncio.Protocol):
    def __init__(self, delay: float) -> None:
        self._delay = delay

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, _: bytes) -> None:
        asyncio.get_running_loop().call_later(self._delay, self._answer)

    def _answer(self) -> None:
        self._transport.write(REPLY % len(BODY) + BODY)
        self._transport.close()


async def _members(folder: Path, delay: float) -> None:
    """Until it is ended. Writes `ca.pem`; says its two ports on stdout."""
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, key_type=trustme.KeyType.ECDSA).configure_cert(context)
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(lambda: _Member(delay), "0.0.0.0", 0, ssl=tls, backlog=4096) for tls in (None, context)
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
