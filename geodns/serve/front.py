"""A process for what is encrypted: `python -m geodns.serve.front FILES`, with FrontFiles in JSON, as the keeper starts
it.

DNS over TLS and over HTTPS with the answer core and the generations of the workers. It may die: UDP and TCP go on, and
what it has to read (handshakes, HTTP) is read by nobody else.
"""

import asyncio
import logging
import mmap
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from geodns.answer.cells import ROTATION_SIZE
from geodns.answer.terms import TLS
from geodns.serve.certificate import BadCertificate
from geodns.serve.channel import Channel
from geodns.serve.connection import Reception, Speak
from geodns.serve.counts import Counts
from geodns.serve.current import Current
from geodns.serve.follow import Follower
from geodns.serve.http1 import Http1
from geodns.serve.http2 import Http2
from geodns.serve.https import Https
from geodns.serve.line import Line, Speaker
from geodns.serve.notices import Notices
from geodns.serve.premises import CERTIFICATE_AT, FrontFiles, shares
from geodns.serve.presented import CertificateCells, Presented
from geodns.serve.process import begin, own, settle, told_to_stop, until
from geodns.serve.proxies import Proxies
from geodns.serve.share import Share
from geodns.serve.tcp import Streams
from geodns.serve.tls import Encryption
from geodns.table.store import Store

log = logging.getLogger(__name__)


class Front:
    """Runs in its own process, or beside control and the worker in one (see solo)."""

    def __init__(self, files: FrontFiles, settle: Callable[[], None] = lambda: None) -> None:
        memory = memoryview(mmap.mmap(files.memory, 0))
        rotation = memoryview(mmap.mmap(files.rotation, ROTATION_SIZE))
        self._files = files
        self._current = Current()
        self._notices = Notices()
        conduct = files.limits.conduct()
        self._dot, self._doh = (
            Share(each, rotation, self._current, conduct, notices=self._notices) for each in shares(memory)
        )
        self._presented = Presented(files.pair, CertificateCells(memory[CERTIFICATE_AT:]))
        self._settle = settle
        self.hangup = asyncio.Event()  # set it, and the certificate is read anew

    async def start(self) -> None:
        """Raises BadCertificate where there never was a good one."""
        await self._presented.start(self.hangup)

    async def run(self, stopping: asyncio.Event) -> None:
        """Answers until `stopping` is set; start() comes first."""
        channel = Channel(self._files.channel)
        follower = Follower(self._current, Store(Path(self._files.state)), channel, self._settle)
        await follower.start()
        loop = asyncio.get_running_loop()
        loop.add_reader(channel, follower.hear)
        self._notices.connect(channel)
        tls, https = self._receptions()
        try:
            for fd in self._files.tls:
                await tls.listen(own(fd))
            for fd in self._files.https:
                await https.listen(own(fd))
            await until(stopping, follower.follow(), self._presented.follow(self.hangup))
        finally:
            self._notices.connect(None)
            loop.remove_reader(channel)
            channel.close()
            await asyncio.gather(tls.close(), https.close())

    def _receptions(self) -> tuple[Reception, Reception]:
        dot, doh = self._dot, self._doh
        streams = Streams(dot.desk.reply_to, dot.counts, TLS, dot.desk.at_length)
        https = Https(doh.desk.reply_to, doh.counts, self._files.path)

        def speak_dot(line: Line, protocol: str | None) -> Speaker:
            return streams.speak(line)

        def speak_http(line: Line, protocol: str | None) -> Speaker:
            return Http2(line, https) if protocol == "h2" else Http1(line, https)

        secure = Encryption(self._presented.dot, speak_dot, dot.counts)
        secure_http = Encryption(self._presented.https, speak_http, doh.counts)
        return self._reception(secure.speak, dot.counts), self._reception(secure_http.speak, doh.counts)

    def _reception(self, speak: Speak, counts: Counts) -> Reception:
        limits = self._files.limits
        return Reception(
            speak,
            counts,
            idle=limits.tcp_idle,
            connections=limits.tcp_connections,
            each=limits.tcp_each,
            preface_for=Proxies(limits.proxies).preface_for,
        )


async def _run_process(files: FrontFiles) -> int:
    stopping = told_to_stop(files.lifeline)
    front = Front(files, settle=settle)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, front.hangup.set)
    starting = asyncio.ensure_future(front.start())
    ending = asyncio.ensure_future(stopping.wait())
    await asyncio.wait([starting, ending], return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        return 0
    ending.cancel()
    try:
        starting.result()
    except BadCertificate as error:
        log.error("%s", error)
        return os.EX_CONFIG
    await front.run(stopping)
    return 0


def main() -> int:
    files = FrontFiles.decode(sys.argv[1])
    begin(files.limits.log_level)
    return asyncio.run(_run_process(files))


if __name__ == "__main__":
    sys.exit(main())
