"""Colour, where a person looks at it: on a terminal, and not where NO_COLOR is set (https://no-color.org)."""

from collections.abc import Mapping
from typing import TextIO

GOOD, BAD, ODD = "32", "31", "33"  # green, red, yellow
_BY_STATE = {"up": GOOD, "down": BAD, "drain": ODD, "partly": ODD}


class Paint:
    def __init__(self, stream: TextIO, environment: Mapping[str, str]) -> None:
        self._on = stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"

    def __call__(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._on else text

    def state(self, text: str) -> str:
        """A member's state, by its first word: `up`, `down by ann: disk`, `partly up`."""
        colour = _BY_STATE.get(text.partition(" ")[0])
        return self(text, colour) if colour else text
