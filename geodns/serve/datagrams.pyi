import socket

from geodns.answer.memory import Memory
from geodns.serve.current import Current
from geodns.serve.desk import ReplyTo

class BatchReader:
    def __init__(
        self,
        sock: socket.socket,
        current: Current,
        reply_to: ReplyTo,
        memory: Memory,
        cells: memoryview,
        *,
        wildcard: bool,
        segmentation: bool,
        spin: float,
        proxies: memoryview,
    ) -> None: ...
    def run(self) -> None: ...
    def drain(self) -> None: ...
    def take_up(self) -> None: ...
    def stop(self) -> None: ...
