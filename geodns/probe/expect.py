"""What an HTTP answer has to look like.

Statuses are written as they are said: `200`, or `200-299`. A bare number is an int in YAML and a range is a string.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from geodns.model.check import ProbeFailed

_RANGE = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")
_MAX_BODY = 1024  # characters looked for; more than a marker is a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """The statuses that pass, and a text that must be in the body's first 64 KiB."""

    status: tuple[int | str, ...] = ("200-299",)
    body: str | None = None

    def __post_init__(self) -> None:
        if not self.status:
            raise ValueError("status lists nothing, so no answer would pass; write [200-299], or leave it out")
        for text in self.status:
            _parse(text)
        if self.body is not None and not 0 < len(self.body) <= _MAX_BODY:
            raise ValueError(f"body has {len(self.body)} characters; give 1 to {_MAX_BODY}, or leave it out")

    def judge_status(self, status: int) -> None:
        """Raises ProbeFailed where the status is not among the wanted ones."""
        if not any(low <= status <= high for low, high in map(_parse, self.status)):
            raise ProbeFailed(f"status {status}, wanted {', '.join(map(str, self.status))}")

    def judge_body(self, body: bytes) -> None:
        """Raises ProbeFailed where the text is missing. Bytes are compared: the encoding is the operator's, UTF-8."""
        if self.body is not None and self.body.encode() not in body:
            raise ProbeFailed(f"body lacks {self.body!r}")


@lru_cache(maxsize=1024)
def _parse(text: int | str) -> tuple[int, int]:
    found = _RANGE.fullmatch(str(text).replace(" ", ""))
    if not found:
        raise ValueError(f"{text!r} is no status; write 200 or 200-299, from 100 to 599")
    low, high = int(found[1]), int(found[2] or found[1])
    if low > high:
        raise ValueError(f"{text!r} runs backwards; write {high}-{low}")
    return low, high


SUCCESS = Expect()
