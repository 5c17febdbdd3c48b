"""Network errors in the operator's words: `connection refused`, `certificate has expired`."""

import errno
import os
import ssl

from geodns.model.check import ProbeFailed

_LONGEST = 120  # characters of a sentence that may quote what the member sent


def failure(error: OSError) -> ProbeFailed:
    """What the operator is told of an error between us and the address."""
    return ProbeFailed(_words(error))


def _words(error: OSError) -> str:
    """Nearly all of these are OSErrors too, so the special ones come first."""
    match error:
        case ssl.SSLCertVerificationError():
            return _certificate(error)
        case ssl.SSLError():
            return f"TLS failed: {(error.reason or 'no reason given').replace('_', ' ').lower()}"
        case ConnectionResetError(errno=None):
            return "closed the connection without an answer"
        case OSError(errno=int(number)) if number in errno.errorcode:
            return os.strerror(number).lower()  # asyncio writes longer texts of its own
        case _:
            return _first_line(str(error)) or type(error).__name__


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    """OpenSSL's own sentence, so put that it can be seen what it is about."""
    text = error.verify_message.rstrip(".").replace("Hostname mismatch, c", "c").replace("IP address mismatch, c", "c")
    return text if "certificate" in text else f"certificate was not accepted: {text or 'no reason given'}"


def _first_line(text: str) -> str:
    return text.partition("\n")[0].rstrip(":")[:_LONGEST]
