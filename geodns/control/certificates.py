"""The certificate that the settings name → what is wrong with it. Reads the key, so it is for `geodns check` alone."""

import os
from dataclasses import dataclass
from pathlib import Path

from geodns.config.problem import Problem
from geodns.config.server import Settings, TlsSettings
from geodns.model.source import Source
from geodns.serve.certificate import BadCertificate, Pair, context_of, read_validity
from geodns.serve.presented import DOT

_OTHERS_READ = 0o004


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a front says of the one that it shows: when it expires, and whether its files are broken by now."""

    expires: int  # seconds since 1970
    is_broken: bool


def certificate_problems(settings: Settings, now: float) -> list[Problem]:
    """`now` in seconds since 1970."""
    tls = settings.tls
    if tls is None:
        return []
    pair = Pair(certificate=str(tls.certificate), key=str(tls.key))
    try:
        context_of(pair, DOT)
        validity = read_validity(pair)
    except BadCertificate as error:
        return [Problem(_place(tls, error.about), error.message)]
    problems = []
    if validity.expires < now:
        message = f"{pair.certificate} has expired, so clients will refuse it: have it renewed"
        problems.append(Problem(tls.certificate_at, message, is_warning=True))
    if validity.begins > now:
        message = f"{pair.certificate} is not valid yet, so clients will refuse it: is the clock right?"
        problems.append(Problem(tls.certificate_at, message, is_warning=True))
    if _is_open_to_all(tls.key):
        message = f"{pair.key} can be read by everybody on this machine: chmod o-r {pair.key}"
        problems.append(Problem(tls.key_at, message, is_warning=True))
    return problems


def _place(tls: TlsSettings, about: str) -> Source:
    return tls.certificate_at if about == "certificate" else tls.key_at


def _is_open_to_all(key: Path) -> bool:
    try:
        return bool(os.stat(key).st_mode & _OTHERS_READ)
    except OSError:
        return False
