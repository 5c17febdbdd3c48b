"""Octets → text, or the place of the first octet or character that may not stand in a file."""

import re

from geodns.config.problem import Problem
from geodns.model.source import Source

# YAML 1.2 §5.1, the characters that a file may hold.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def decode(content: bytes, file: str, most_octets: int) -> str | Problem:
    """UTF-8 with or without a byte order mark; never raises."""
    if len(content) > most_octets:
        return Problem(Source(file), f"the file has {len(content)} octets; at most {most_octets} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        octet = error.object[error.start]
        return Problem(_end_of(before, file), f"the octet 0x{octet:02x} is not UTF-8; save the file in UTF-8")
    bad = _UNPRINTABLE.search(text)
    if bad is None:
        return text
    message = f"the character U+{ord(bad[0]):04X} may not stand here; remove it or write it as an escape"
    return Problem(_end_of(text[: bad.start()], file), message)


def _end_of(text: str, file: str) -> Source:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Source(file, len(lines), len(lines[-1]) + 1)
