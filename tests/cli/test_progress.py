"""Progress on a terminal, told by what is written to it."""

import io
from collections.abc import Iterator

from geodns.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def clock(*times: float) -> Iterator[float]:
    return iter(times)


def progress(stream: io.StringIO, *times: float) -> Progress:
    """A clock that shows these times, one at each look."""
    return Progress(stream, clock(*times).__next__)


def test_one_line_is_drawn_over_and_over_and_erased_at_the_end() -> None:
    terminal = Terminal()
    with progress(terminal, 0.0, 1.0, 1.0, 2.0, 2.0) as report:
        report("zones", 1, 4)
        report("zones", 2, 4)
    assert terminal.getvalue() == "\r\x1b[Kzones 25 %\r\x1b[Kzones 50 %\r\x1b[K"


def test_it_is_erased_as_soon_as_all_is_done() -> None:
    terminal = Terminal()
    report = progress(terminal, 0.0, 1.0, 1.0)
    report("zones", 1, 4)
    report("zones", 4, 4)
    assert terminal.getvalue().endswith("zones 25 %\r\x1b[K")


def test_at_most_ten_lines_a_second_are_drawn() -> None:
    terminal = Terminal()
    report = progress(terminal, 0.0, 0.05, 0.15, 0.15, 0.2, 0.3, 0.3)
    for done in range(4):
        report("zones", done, 100)
    assert terminal.getvalue() == "\r\x1b[Kzones 1 %\r\x1b[Kzones 3 %"


def test_work_of_unknown_size_is_named() -> None:
    terminal = Terminal()
    progress(terminal, 0.0, 1.0, 1.0)("databases", 17, None)
    assert terminal.getvalue() == "\r\x1b[Kdatabases …"


def test_nothing_to_do_is_nothing_to_show() -> None:
    terminal = Terminal()
    progress(terminal, 0.0)("zones", 0, 0)
    assert terminal.getvalue() == ""


def test_a_file_gets_no_progress() -> None:
    file = io.StringIO()
    with progress(file, 0.0) as report:
        report("zones", 1, 4)
    assert file.getvalue() == ""
