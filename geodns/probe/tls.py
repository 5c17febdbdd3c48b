"""What TLS probes trust, and what their certificates say about their end."""

import ssl
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from geodns.model.check import ProbeFailed

_SOON = 21  # days before a certificate's end at which the remark begins to name it


def context_for(ca: str | None, verify: bool) -> ssl.SSLContext:
    """The context for a CA file, None: the system's. Raises ProbeFailed where the file cannot be read.

    Contexts are kept, since building one takes longer than a probe; a file that was replaced is read anew.
    """
    if not verify:
        return _blind()
    if ca is None:
        return _system()
    try:
        return _own(ca, Path(ca).stat().st_mtime_ns)
    except ssl.SSLError as error:  # an OSError as well, so it comes first
        raise ProbeFailed(f"ca {ca} holds no certificates in PEM form") from error
    except OSError as error:
        raise ProbeFailed(f"ca {ca} cannot be read: {error.strerror}") from error


@lru_cache(maxsize=1)
def _system() -> ssl.SSLContext:
    return ssl.create_default_context()


@lru_cache(maxsize=64)
def _own(ca: str, modified: int) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca)


@lru_cache(maxsize=1)
def _blind() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def expiry_remark(certificate: Mapping[str, object], now: float) -> str:
    """`certificate expires in 9 days`, once the end is near; empty before that. `now` in seconds since the epoch."""
    ends = certificate.get("notAfter")
    if not isinstance(ends, str):
        return ""
    days = int((ssl.cert_time_to_seconds(ends) - now) // 86400)
    if days > _SOON:
        return ""
    return f"certificate expires in {days} day{'' if days == 1 else 's'}" if days > 0 else "certificate expires today"
