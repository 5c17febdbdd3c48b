"""What is wrong with a file, where, and the way out. Problems are collected; ConfigError is raised once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from geodns.model.source import Source

# Comparing with more names than this takes longer than an operator wants to wait for a hint.
MOST_COMPARED = 1000


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence for the operator. A warning does not keep the zone from being served."""

    source: Source
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.source}: {'warning: ' if self.is_warning else ''}{self.message}"


class ConfigError(Exception):
    """The files cannot be served as they are; `problems` are sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unreadable(path: Path, error: OSError) -> Problem:
    return Problem(Source(str(path)), f"the file cannot be read: {error.strerror}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'weight'?`, or what is known where nothing is close, or nothing where that is too much."""
    choices = [choice for choice in known if choice != word]
    if not choices:
        return "; there is none"
    close = _closest(word, choices)
    if close is not None:
        return f"; did you mean '{close}'?"
    return f"; known: {', '.join(sorted(choices))}" if len(choices) <= 12 else ""


def _closest(word: str, choices: list[str]) -> str | None:
    folded = {choice.lower(): choice for choice in choices}
    if word.lower() in folded:
        return folded[word.lower()]
    matches = get_close_matches(word.lower(), folded, 1, 0.6) if len(folded) <= MOST_COMPARED else []
    return folded[matches[0]] if matches else None
