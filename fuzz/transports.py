"""Mutated packets over each transport of a running geodns: no crash, no reply to a response, none too large; and
afterwards it answers as before.

    python -m fuzz.transports                        a million over each transport
    python -m fuzz.transports --packets 20000 --only udp

A transport is a function that sends packets and returns the replies to them. Each batch ends with a good query over the
same socket: when that is answered, everything before it has been.
"""

import argparse
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import dns.message

from fuzz import laws
from fuzz.encrypted import by_https, connected, serving_all
from fuzz.packets import HEADER, is_query, packets
from tests.scenarios.server import PATIENCE, Server

BATCH = 50  # few enough for any receive buffer
LAST = dns.message.make_query("the-last-one.example.com", "A").to_wire()
LAST_QUESTION = LAST[HEADER:]
REPORT_EVERY = 50_000

Send = Callable[[Server, Sequence[bytes]], list[bytes]]


def by_udp(server: Server, sent: Sequence[bytes]) -> list[bytes]:
    """From a port of their own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE)
        sock.connect((server.host, server.port))
        for packet in (*sent, LAST):
            sock.send(packet)
        return list(_until_last(lambda: sock.recv(65535)))


def by_tcp(server: Server, sent: Sequence[bytes]) -> list[bytes]:
    """As messages of one connection. What is shorter than a header would end it, so it is not sent."""
    with socket.create_connection((server.host, server.port), PATIENCE) as sock:
        return _in_a_stream(sock, sent)


def by_tls(server: Server, sent: Sequence[bytes]) -> list[bytes]:
    with connected(server, server.tls, "dot") as sock:
        return _in_a_stream(sock, sent)


def _in_a_stream(sock: socket.socket, sent: Sequence[bytes]) -> list[bytes]:
    messages = [packet for packet in sent if len(packet) >= HEADER]
    sock.sendall(b"".join(len(packet).to_bytes(2, "big") + packet for packet in (*messages, LAST)))
    with sock.makefile("rb") as stream:
        return list(_until_last(lambda: stream.read(int.from_bytes(stream.read(2), "big"))))


TRANSPORTS: Mapping[str, Send] = {"udp": by_udp, "tcp": by_tcp, "tls": by_tls, "https": by_https}


def _until_last(receive: Callable[[], bytes]) -> Iterator[bytes]:
    while True:
        reply = receive()
        laws.law(bool(reply), "the connection stays until the last query is answered")
        if reply[HEADER:].startswith(LAST_QUESTION):
            return
        yield reply


def judge(sent: Sequence[bytes], replies: Iterable[bytes], *, stream: bool) -> None:
    """Replies may come in another order than the queries. Over UDP any may be missing, as datagrams may."""
    asked = {packet[:2]: packet for packet in filter(is_query, sent)}
    for reply in replies:
        packet = asked.pop(reply[:2], b"")
        try:
            laws.law(bool(packet), "only queries are answered, and once")
            laws.hold(packet, reply, stream=stream)
        except laws.Broken as law:
            law.add_note(f"packet {packet.hex()}\nreply  {reply.hex()}")
            raise
    laws.law(not (stream and asked), "every query of a stream is answered")


def numbered(batch: Iterable[bytes]) -> list[bytes]:
    """Each with an id of its own, by which its reply is known."""
    return [
        number.to_bytes(2, "big") + packet[2:] if len(packet) > 1 else packet for number, packet in enumerate(batch)
    ]


def assault(server: Server, transport: str, number: int, dice: Random, say: Callable[[str], None]) -> int:
    """Sends so many; returns how many replies came. Raises laws.Broken."""
    send, stream = TRANSPORTS[transport], transport != "udp"
    sent = packets(number, dice)
    done = came = 0
    while batch := numbered(islice(sent, BATCH)):
        replies = send(server, batch)
        judge(batch, replies, stream=stream)
        done += len(batch)
        came += len(replies)
        if done % REPORT_EVERY == 0:
            say(f"{transport}: {done:,} packets sent, {came:,} replies")
    return came


def survives(server: Server, pids: Mapping[str, int]) -> None:
    """All is as before."""
    laws.law(server.pids() == pids, "no process has died")
    for tcp in (False, True):
        laws.law(bool(server.ask("www.example.com", tcp=tcp).answer), "a good query is answered")
    laws.law(server.metric("geodns_faults_total") == 0, "no exception was raised")
    laws.law(server.is_ready(), "every worker serves the current generation")
    laws.law("Traceback" not in server.stderr(), "no traceback is in the log")


def run(number: int, transports: Sequence[str], seed: int, say: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory() as folder, serving_all(Path(folder)) as server:
        pids = server.pids()
        for transport in transports:
            came = assault(server, transport, number, Random(f"{transport} {seed}"), say)
            survives(server, pids)
            say(f"{transport}: {number:,} mutated packets, {came:,} replies, all within the law; all is as before")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--packets", type=int, default=1_000_000, metavar="N", help="over each transport")
    reader.add_argument("--only", action="append", choices=TRANSPORTS, help="one transport; repeatable")
    reader.add_argument("--seed", type=int, default=20_000, help="other packets")
    given = reader.parse_args()
    run(given.packets, given.only or tuple(TRANSPORTS), given.seed, lambda line: print(line, file=sys.stderr))


if __name__ == "__main__":
    main()
