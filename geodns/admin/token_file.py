"""The tokens file while it is in use: read again when it changes. A broken one keeps the last good tokens."""

import logging
import os
import stat
from pathlib import Path

from geodns.admin.tokens import Tokens, read_tokens
from geodns.config.problem import ConfigError, Problem
from geodns.model.source import Source

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]  # another one: another content


class TokenFile:
    """Raises ConfigError where the file cannot be used at the start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: Stamp | None
        self._stamp, self._tokens = self._read()

    def tokens(self) -> Tokens:
        if self._stamp_now() != self._stamp:
            self._renew()
        return self._tokens

    def _renew(self) -> None:
        try:
            self._stamp, self._tokens = self._read()
        except ConfigError as error:
            self._stamp = self._stamp_now()  # so that it is said once
            log.error("the tokens from before go on: %s", error)
        else:
            log.info("%s: %d tokens", self._path, len(self._tokens.holders))

    def _read(self) -> tuple[Stamp, Tokens]:
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                content = file.read()
        except OSError as error:
            problem = Problem(Source(str(self._path)), f"the file of tokens cannot be read: {error.strerror}")
            raise ConfigError([problem]) from None
        tokens = read_tokens(content, str(self._path))
        if tokens.has_plain and status.st_mode & stat.S_IROTH:
            log.warning("%s: everybody on this machine can read the tokens; chmod o-r, or write sha256", self._path)
        return _stamp(status), tokens

    def _stamp_now(self) -> Stamp | None:
        try:
            return _stamp(self._path.stat())
        except OSError:
            return None


def _stamp(status: os.stat_result) -> Stamp:
    """The time of change, not that of writing: a file that was made readable is another one too."""
    return status.st_ino, status.st_ctime_ns, status.st_size
