"""Long work on a terminal: one line on stderr that is drawn anew, and gone when the work is done.

Elsewhere, in a log or in CI, it is a line each ten seconds. Either moves on by itself where the work has nothing to
tell for a while, and nothing is shown of work that is done before the first one is due.
"""

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

DRAWN_EVERY = 0.1  # seconds between two drawings on a terminal
SAID_EVERY = 10.0  # seconds between two lines elsewhere
PULSE = 0.5  # seconds after which it moves on by itself

_ERASE = "\r\x1b[K"


class Progress:
    """Call it with what is being done, how far, and of how much (None: not known); all of it done ends the showing.

    `say` is given the lines where there is no terminal. `pulse` None: it does not move on by itself.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        say: Callable[[str], None] | None = None,
        pulse: float | None = PULSE,
    ) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._clock = clock
        self._say = say or self._write_line
        self._pulse = pulse
        self._is_drawn = self._stream.isatty()
        self._every = DRAWN_EVERY if self._is_drawn else SAID_EVERY
        self._work = ""  # "": none is under way
        self._share: int | None = None  # of the work, in per cent
        self._began = self._shown = 0.0
        self._is_on_screen = False
        self._over = threading.Event()
        self._lock = threading.Lock()  # the work calls from one thread, the pulse comes from another

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def __call__(self, work: str, done: int, total: int | None) -> None:
        if total is not None and done >= total:
            self.end()
            return
        with self._lock:
            if not self._work:
                self._begin()
            elif work != self._work:
                self._began = self._clock()
            self._work = work
            self._share = None if total is None else done * 100 // total
            self._show_when_due()

    def beat(self) -> None:
        """Moves on, though there is nothing new but the time."""
        with self._lock:
            if self._work:
                self._show_when_due()

    def end(self) -> None:
        with self._lock:
            self._over.set()
            self._work = ""
            if self._is_on_screen:
                self._write(_ERASE)
            self._is_on_screen = False

    def _begin(self) -> None:
        self._began = self._shown = self._clock()
        self._over = threading.Event()
        if self._pulse is not None:
            threading.Thread(target=_beat_until, args=(self._over, self._pulse, self.beat), daemon=True).start()

    def _show_when_due(self) -> None:
        now = self._clock()
        if now - self._shown < self._every:
            return
        self._shown = now
        text = _sentence(self._work, self._share, now - self._began)
        if self._is_drawn:
            # The cursor goes back, so that a line of a log is written over this one and not behind it.
            self._write(f"{_ERASE}{text}\r")
            self._is_on_screen = True
        else:
            self._say(text)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def _write_line(self, text: str) -> None:
        self._write(f"{text}\n")


def _sentence(work: str, share: int | None, seconds: float) -> str:
    """`zones 43 %`, and from the first second on how long it has been."""
    so_far = f"{work} …" if share is None else f"{work} {share} %"
    return f"{so_far}, {seconds:.0f} s" if seconds >= 1 else so_far


def _beat_until(over: threading.Event, pulse: float, beat: Callable[[], None]) -> None:
    while not over.wait(pulse):
        beat()
