"""A process that answers: `python -m geodns.serve.worker FILES`, with WorkerFiles in JSON, as the keeper starts it.

It takes up the newest good generation before it reads its first packet. Where there is none yet, every query gets
SERVFAIL, so that resolvers turn to the next server at once.
"""

import asyncio
import mmap
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from geodns.answer.cells import ROTATION_SIZE
from geodns.answer.limiter import Limiter
from geodns.answer.limits import limiter_for, unlimited
from geodns.serve.channel import Channel
from geodns.serve.connection import Reception
from geodns.serve.current import Current
from geodns.serve.follow import Follower
from geodns.serve.notices import Notices
from geodns.serve.premises import WorkerFiles, shares
from geodns.serve.process import begin, own, settle, told_to_stop, until
from geodns.serve.proxies import Proxies
from geodns.serve.readers import read_datagrams
from geodns.serve.share import Share
from geodns.serve.tcp import Streams
from geodns.table.store import Store


class Worker:
    """Runs in its own process, or beside control in one (see solo). `settle` is called after each load."""

    def __init__(self, files: WorkerFiles, settle: Callable[[], None] = lambda: None) -> None:
        rotation = memoryview(mmap.mmap(files.rotation, ROTATION_SIZE))
        self._files = files
        self._current = Current()
        self._notices = Notices()
        self._shares = [
            Share(memory, rotation, self._current, files.limits.conduct(), _limiter(files), self._notices)
            for memory in shares(memoryview(mmap.mmap(files.memory, 0)))
        ]
        self._settle = settle

    async def run(self, stopping: asyncio.Event) -> None:
        """Answers until `stopping` is set."""
        channel = Channel(self._files.channel)
        follower = Follower(self._current, Store(Path(self._files.state)), channel, self._settle)
        await follower.start()
        loop = asyncio.get_running_loop()
        loop.add_reader(channel, follower.hear)
        self._notices.connect(channel)
        reception = self._reception()
        try:
            with self._read_datagrams():
                for fd in self._files.tcp:
                    await reception.listen(own(fd))
                await until(stopping, follower.follow())
        finally:
            self._notices.connect(None)
            loop.remove_reader(channel)
            channel.close()
            await reception.close()

    def _reception(self) -> Reception:
        limits, share = self._files.limits, self._shares[0]
        return Reception(
            Streams(share.desk.reply_to, share.counts, at_length=share.desk.at_length).speak,
            share.counts,
            idle=limits.tcp_idle,
            connections=limits.tcp_connections,
            each=limits.tcp_each,
            preface_for=Proxies(limits.proxies).preface_for,
        )

    @contextmanager
    def _read_datagrams(self) -> Iterator[None]:
        limits = self._files.limits
        with ExitStack() as opened:
            for fd, share in zip(self._files.udp, self._shares[1:], strict=True):
                sock = opened.enter_context(own(fd))
                reading = read_datagrams(
                    sock, share.desk, share.counts, limits.udp_segmentation, limits.spin, Proxies(limits.proxies)
                )
                opened.enter_context(reading)
            yield


def _limiter(files: WorkerFiles) -> Limiter:
    limit = files.limits.rate_limit
    return unlimited() if limit is None else limiter_for(limit, memoryview(mmap.mmap(files.accounts, 0)))


async def _run_process(files: WorkerFiles) -> None:
    await Worker(files, settle=settle).run(told_to_stop(files.lifeline))


def main() -> None:
    files = WorkerFiles.decode(sys.argv[1])
    begin(files.limits.log_level)
    asyncio.run(_run_process(files))


if __name__ == "__main__":
    main()
