"""Domain names: text ↔ wire. A Name is wire form and lower case, so equal names are equal bytes (RFC 4343)."""

from collections.abc import Iterator
from typing import NewType

Name = NewType("Name", bytes)  # wire form, lower case, with the root's zero octet

ROOT = Name(b"\0")
MAX_NAME = 255  # octets on the wire, RFC 1035 §3.1
MAX_LABEL = 63

# Written as they are; everything else becomes \DDD (RFC 1035 §5.1).
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*/+=!#%&'<>?[]^`{|}~:,")


class BadName(ValueError):
    """The text is no domain name; the message says why."""


def parse_name(text: str, origin: Name = ROOT) -> Name:
    """`www`, `www.example.com.` or `@` in wire form; a name without a final dot is completed by `origin`.

    Understands the escapes `\\.` and `\\DDD` of RFC 1035 §5.1. Raises BadName.
    """
    if not text:
        raise BadName("the name is empty; write @ for the zone itself, or a single dot for the root")
    if text == "@":
        return origin
    if text == ".":
        return ROOT
    labels, absolute = _labels_of(text)
    wire = b"".join(bytes((len(label),)) + label for label in labels)
    wire += b"\0" if absolute else origin
    if len(wire) > MAX_NAME:
        raise BadName(f"{text!r} is longer than {MAX_NAME} octets")
    return Name(lower(wire))


def _labels_of(text: str) -> tuple[list[bytes], bool]:
    labels: list[bytes] = []
    label = bytearray()
    at = 0
    while at < len(text):
        char = text[at]
        if char == ".":
            labels.append(_checked(bytes(label), text))
            label.clear()
            at += 1
        elif char == "\\":
            octet, at = _unescape(text, at)
            label.append(octet)
        else:
            label += _octet(char, text)
            at += 1
    if not label:
        return labels, True
    return [*labels, _checked(bytes(label), text)], False


def _octet(char: str, text: str) -> bytes:
    if not char.isascii():
        raise BadName(f"{text!r} has {char!r}: write names outside ASCII in their xn-- form")
    if char.isspace():
        raise BadName(f"{text!r} has white space in it; write \\032 if that is meant")
    return char.encode("ascii")


def _unescape(text: str, at: int) -> tuple[int, int]:
    digits = text[at + 1 : at + 4]
    if len(digits) == 3 and digits.isdigit() and digits.isascii():
        if int(digits) > 255:
            raise BadName(f"{text!r} has the escape \\{digits}; the largest is \\255")
        return int(digits), at + 4
    if at + 1 >= len(text) or text[at + 1].isdigit() or not text[at + 1].isascii():
        raise BadName(f"{text!r} has a bad escape; write \\. or \\DDD")
    return ord(text[at + 1]), at + 2


def _checked(label: bytes, text: str) -> bytes:
    if not label:
        raise BadName(f"{text!r} has an empty label")
    if len(label) > MAX_LABEL:
        raise BadName(f"{text!r} has a label longer than {MAX_LABEL} octets")
    return label


def lower(wire: bytes) -> bytes:
    """A to Z folded to a to z. Length octets are at most 63, below `A`, so whole wire names may be given."""
    return wire.lower()


def labels(name: bytes) -> Iterator[bytes]:
    """The labels from left to right, without the root."""
    at = 0
    while name[at]:
        yield name[at + 1 : at + 1 + name[at]]
        at += 1 + name[at]


def parent(name: Name) -> Name:
    """The name without its leftmost label; the root has none."""
    assert name != ROOT, "the root has no parent"
    return Name(name[1 + name[0] :])


def ancestors(name: Name) -> Iterator[Name]:
    """The parents from the nearest to the root."""
    while name != ROOT:
        name = parent(name)
        yield name


def is_below(name: Name, zone: Name) -> bool:
    """True where `name` is `zone` or under it."""
    return name == zone or any(above == zone for above in ancestors(name))


def is_wildcard(name: Name) -> bool:
    """Whether the leftmost label is `*` (RFC 4592 §2.1.1)."""
    return name[:2] == b"\x01*"


def show(name: bytes) -> str:
    """Presentation form with the final dot, as RFC 1035 §5.1 escapes it."""
    return "".join(_show_label(label) + "." for label in labels(name)) or "."


def show_in(name: Name, zone: Name) -> str:
    """The form used inside a zone file: `@`, `www`, or the whole name with its dot where it lies outside."""
    if name == zone:
        return "@"
    if not is_below(name, zone):
        return show(name)
    return show(name[: len(name) - len(zone)] + b"\0")[:-1]


def _show_label(label: bytes) -> str:
    return "".join(chr(octet) if octet in _PLAIN else _escaped(octet) for octet in label)


def _escaped(octet: int) -> str:
    return f"\\{chr(octet)}" if 0x21 <= octet <= 0x7E else f"\\{octet:03d}"
