"""Progress on a terminal and in a log, told by what is written to it."""

import io
import threading

from geodns.cli.progress import Progress

ERASED = "\r\x1b[K"


def drawn(*texts: str) -> str:
    return "".join(f"{ERASED}{text}\r" for text in texts)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Work:
    """Steps of work, told at seconds after its begin."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream
        self.clock = Clock()
        self.report = Progress(stream, self.clock, pulse=None)

    def at(self, second: float, work: str, done: int, total: int | None) -> None:
        self.clock.now = 100.0 + second
        self.report(work, done, total)

    def beats_at(self, second: float) -> None:
        self.clock.now = 100.0 + second
        self.report.beat()

    @property
    def seen(self) -> str:
        return self.stream.getvalue()


def test_one_line_is_drawn_over_and_over_and_erased_at_the_end() -> None:
    work = Work(Terminal())
    with work.report:
        work.at(0, "zones", 0, 4)
        work.at(0.4, "zones", 1, 4)
        work.at(0.8, "zones", 2, 4)
    assert work.seen == drawn("zones 25 %", "zones 50 %") + ERASED


def test_it_is_erased_as_soon_as_all_is_done() -> None:
    work = Work(Terminal())
    work.at(0, "zones", 0, 4)
    work.at(0.4, "zones", 1, 4)
    work.at(0.8, "zones", 4, 4)
    assert work.seen == drawn("zones 25 %") + ERASED


def test_at_most_ten_lines_a_second_are_drawn() -> None:
    work = Work(Terminal())
    for done in range(30):
        work.at(done / 64, "zones", done, 100)
    assert work.seen == drawn("zones 7 %", "zones 14 %", "zones 21 %", "zones 28 %")


def test_work_that_is_done_at_once_is_not_shown() -> None:
    work = Work(Terminal())
    for second in (0, 0.05, 7, 7.05):
        work.at(second, "zones", 1, 4)
        work.at(second, "zones", 4, 4)
    work.at(9, "databases", 0, 0)
    assert work.seen == ""


def test_from_the_first_second_on_it_says_how_long_it_has_been() -> None:
    work = Work(Terminal())
    work.at(0, "zones", 0, 4)
    work.at(0.9, "zones", 1, 4)
    work.at(12.3, "zones", 3, 4)
    assert work.seen == drawn("zones 25 %", "zones 75 %, 12 s")


def test_work_of_unknown_size_is_named_and_moves_on_by_itself() -> None:
    work = Work(Terminal())
    work.at(0, "compiling", 0, None)
    for second in (0.5, 1.5, 2.5):
        work.beats_at(second)
    assert work.seen == drawn("compiling …", "compiling …, 2 s", "compiling …, 2 s")


def test_each_work_has_a_time_of_its_own() -> None:
    work = Work(Terminal())
    work.at(0, "compiling", 0, None)
    work.at(20, "names", 1, 2)
    work.at(21, "names", 1, 2)
    assert work.seen == drawn("names 50 %", "names 50 %, 1 s")


def test_between_works_nothing_moves() -> None:
    work = Work(Terminal())
    work.beats_at(5)
    work.at(10, "zones", 1, 4)
    work.at(10, "zones", 4, 4)
    work.beats_at(20)
    assert work.seen == ""


def test_a_log_gets_a_line_each_ten_seconds() -> None:
    work = Work(io.StringIO())
    with work.report:
        for second in range(25):
            work.at(second, "zones", second, 25)
        work.beats_at(31)
    assert work.seen == "zones 40 %, 10 s\nzones 80 %, 20 s\nzones 96 %, 31 s\n"


def test_lines_can_be_said_by_a_logger() -> None:
    said: list[str] = []
    clock = Clock()
    with Progress(io.StringIO(), clock, say=said.append, pulse=None) as report:
        report("zones", 0, 2)
        clock.now += 10
        report("zones", 1, 2)
    assert said == ["zones 50 %, 10 s"]


def test_the_pulse_beats_while_work_is_under_way_and_ends_with_it() -> None:
    beaten = threading.Event()

    class Seen(Terminal):
        def write(self, text: str) -> int:
            beaten.set()
            return super().write(text)

    before = threading.active_count()
    with Progress(Seen(), pulse=0.01) as report:
        report("compiling", 0, None)
        assert beaten.wait(10)
    for thread in threading.enumerate():
        if thread.daemon and thread is not threading.current_thread():
            thread.join(10)
    assert threading.active_count() <= before
