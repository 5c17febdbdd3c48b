"""Plain scalars as YAML 1.2's core schema reads them (§10.3.2): `NO` and `1:30` are text, `010` is ten.

A scalar keeps the text it was written as until somebody asks for its value: in records, `TXT: 1.10` is not 1.1.
"""

import re

Scalar = str | int | float | bool | None

# Python refuses to convert longer runs of digits, and nobody means them.
_LONGEST_NUMBER = 300

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMBER = re.compile("|".join(form.pattern for form in (_FLOAT, _HEXADECIMAL, _OCTAL)))
_NUMBER_STARTS = frozenset("0123456789+-.")


class Plain(str):
    """A scalar without quotes that is read as nothing, a truth value or a number; the text is as it was written."""

    __slots__ = ()


def plain(text: str) -> str:
    """The scalar as written, marked as Plain where its value is something else than its text."""
    if text in _WORDS or (text[0] in _NUMBER_STARTS and len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text)):
        return Plain(text)
    return text


def resolve(text: str) -> Scalar:
    """The value that YAML 1.2 gives to a scalar."""
    if not isinstance(text, Plain):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    return float(text)
