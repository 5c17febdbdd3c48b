"""The file of cookies' secrets, one a line → secrets. No message repeats one, as messages go to logs."""

import stat
from collections.abc import Iterator
from pathlib import Path

from geodns.config.problem import ConfigError, Problem, unreadable
from geodns.model.source import Source

MOST_SECRETS = 4
SECRET_SIZE = 16  # octets: RFC 9018 §4.4

_WAY_OUT = "write 32 hexadecimal digits, as `openssl rand -hex 16` prints them"


def read_secrets(path: Path) -> tuple[tuple[bytes, ...], tuple[Problem, ...]]:
    """The secrets, the one that makes new cookies first; and warnings. `#` begins a comment. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigError([unreadable(path, error)]) from None
    secrets: dict[bytes, None] = {}
    problems: list[Problem] = []
    for number, digits in _lines(text):
        secret = _secret(digits)
        secrets[secret] = None
        if not any(secret):
            problems.append(Problem(Source(str(path), number, 1), f"this is no secret; {_WAY_OUT}"))
        elif len(secrets) > MOST_SECRETS:
            message = f"at most {MOST_SECRETS} secrets are in force at a time; remove the oldest"
            problems.append(Problem(Source(str(path), number, 1), message))
    if not secrets:
        problems.append(Problem(Source(str(path)), f"the file has no secret; {_WAY_OUT}"))
    if problems:
        raise ConfigError(problems)
    return tuple(secrets), tuple(_warnings(path, mode))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if digits := line.partition("#")[0].strip():
            yield number, digits


def _secret(digits: str) -> bytes:
    """Empty where it is none. Knot DNS writes 0x before it."""
    try:
        secret = bytes.fromhex(digits.removeprefix("0x"))
    except ValueError:
        return b""
    return secret if len(secret) == SECRET_SIZE else b""


def _warnings(path: Path, mode: int) -> Iterator[Problem]:
    if mode & stat.S_IROTH:
        message = f"everybody on this machine can read the secrets; chmod o-rwx {path}"
        yield Problem(Source(str(path)), message, is_warning=True)
