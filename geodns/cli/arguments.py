"""Values on the command line are read as files are: what is wrong with them is told in the same sentences."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import TypeVar

from geodns.config.durations import parse_duration

T = TypeVar("T")


def argument(parse: Callable[[str], T]) -> Callable[[str], T]:
    """For argparse's `type`. `parse` raises ValueError with a sentence."""

    def read(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return read


@argument
def duration(text: str) -> str:
    """As it was written, for the admin endpoint to read again."""
    parse_duration(text)
    return text
