"""The certificate that new connections are shown: read at the start, and again when its files change.

A new pair that is broken (half of it replaced, say) changes nothing: the last good one stays, the log and the metrics
say so, and the files are looked at again when they change. Connections keep the certificate that they began with.
"""

import asyncio
import logging
import os
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime

from geodns.serve.certificate import BadCertificate, Pair, context_of, read_validity
from geodns.serve.premises import CERTIFICATE_SIZE

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds

DOT = ("dot",)
HTTP = ("h2", "http/1.1")

Stamps = tuple[tuple[int, int, int] | None, ...]


class CertificateCells:
    """In memory that control reads: when the certificate expires, and whether its files are as good as it is."""

    def __init__(self, buffer: memoryview) -> None:
        self._cells = buffer[:CERTIFICATE_SIZE].cast("Q")

    @property
    def expires(self) -> int:
        """Seconds since 1970; 0: there is none yet."""
        return self._cells[0]

    @property
    def is_broken(self) -> bool:
        """The files hold no good pair; the one that was read before is shown."""
        return self._cells[1] == 1

    def tell(self, expires: int) -> None:
        self._cells[0] = max(0, expires)
        self._cells[1] = 0

    def tell_broken(self) -> None:
        self._cells[1] = 1


class Presented:
    """`dot` and `https` are the contexts of now."""

    def __init__(self, pair: Pair, cells: CertificateCells) -> None:
        self._pair = pair
        self._cells = cells
        self._seen: Stamps = ()
        self._contexts: tuple[ssl.SSLContext, ssl.SSLContext] | None = None

    def dot(self) -> ssl.SSLContext:
        assert self._contexts
        return self._contexts[0]

    def https(self) -> ssl.SSLContext:
        assert self._contexts
        return self._contexts[1]

    @property
    def was_ever_good(self) -> bool:
        """In this process or in one before it."""
        return self._cells.expires > 0

    async def start(self, hangup: asyncio.Event) -> None:
        """Raises BadCertificate; but where a process before this one had a good pair, waits for the next."""
        while self._contexts is None:
            self._seen = self._stamps()
            try:
                self._take()
            except BadCertificate as error:
                if not self.was_ever_good:
                    raise
                self._cells.tell_broken()
                log.error("%s; no encrypted query is answered until then", error)
                await self._changed(hangup)

    async def follow(self, hangup: asyncio.Event) -> None:
        """For ever. `hangup` has the files read at once."""
        while True:
            await self._changed(hangup)
            try:
                self._take()
            except BadCertificate as error:
                self._cells.tell_broken()
                log.error("%s; new connections get the certificate from before, which expires %s", error, self._until())

    def _take(self) -> None:
        contexts = context_of(self._pair, DOT), context_of(self._pair, HTTP)
        self._cells.tell(int(read_validity(self._pair).expires))
        if self._cells.expires < time.time():
            log.warning("the certificate %s has expired: clients will refuse it", self._pair.certificate)
        word = "is" if self._contexts is None else "is renewed and"
        self._contexts = contexts
        log.info("the certificate %s %s good until %s", self._pair.certificate, word, self._until())

    async def _changed(self, hangup: asyncio.Event) -> None:
        """Returns when the files are other ones, and have been for a moment, or at a hangup."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await hangup.wait()
                hangup.clear()
                self._seen = self._stamps()
                return
            if self._stamps() != self._seen:
                self._seen = await self._settled()
                return

    async def _settled(self) -> Stamps:
        """Certificate and key are two files, so one is replaced before the other."""
        now = self._stamps()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            before, now = now, self._stamps()
            if now == before:
                return now

    def _stamps(self) -> Stamps:
        return tuple(_stamp(path) for path in (self._pair.certificate, self._pair.key))

    def _until(self) -> str:
        return datetime.fromtimestamp(self._cells.expires, UTC).strftime("%Y-%m-%d")


def _stamp(path: str) -> tuple[int, int, int] | None:
    """Links are followed: certbot renews by turning a link. The time of change is the inode's, so that to be allowed to
    read a file is a change as well."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_ctime_ns, status.st_size
