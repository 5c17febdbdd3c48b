"""Long work on a terminal: one line on stderr that is drawn anew, and gone when the work is done.

Nothing is drawn where stderr is no terminal, nor for work that is done before the first tenth of a second is over.
"""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

EVERY = 0.1  # seconds between two drawings

_ERASE = "\r\x1b[K"


class Progress:
    """Call it with what is being done, how far, and of how much (None: not known)."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._clock = clock
        self._is_shown = self._stream.isatty()
        self._last = clock()
        self._drawn = False

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.erase()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        if not self._is_shown:
            return
        if total is not None and done >= total:
            self.erase()
        elif self._clock() - self._last >= EVERY:
            self._draw(f"{what} …" if total is None else f"{what} {done * 100 // total} %")

    def erase(self) -> None:
        if self._drawn:
            self._write(_ERASE)
        self._drawn = False

    def _draw(self, text: str) -> None:
        self._write(f"{_ERASE}{text}")
        self._last = self._clock()
        self._drawn = True

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
