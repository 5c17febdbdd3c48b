"""The file of API tokens → who may do what. Pure: the file's content is an argument.

    - {name: prometheus, sha256: 64 hex digits, role: read}
    - {name: alice, token: at least 16 characters, role: write}

A token is shown in no message. Those with the role read may GET; write includes read.
"""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from geodns.config.fields import Identifier
from geodns.config.forms import Form
from geodns.config.marked import Limits, parse
from geodns.config.problem import ConfigError
from geodns.config.reading import Reading
from geodns.config.tree import Node, Rows, Table, pack, value_of
from geodns.model.source import Source

Role = Literal["read", "write"]

SHORTEST = 16  # characters
_EXAMPLE = "- {name: alice, token: …, role: write}"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_VISIBLE = re.compile(r"[!-~]+")  # what fits into a header


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody with a token. `digest` is its SHA-256: the token itself is not kept."""

    name: str
    role: Role
    digest: bytes


LOCAL = Holder(name="local", role="write", digest=b"")  # everybody on a loopback address without a tokens file


@dataclass(frozen=True, slots=True)
class Tokens:
    holders: tuple[Holder, ...]
    has_plain: bool = False  # tokens stand in the file in the clear

    def holder_of(self, authorization: str) -> Holder | None:
        """Who sent this Authorization header. It takes the same time for a wrong token as for a right one."""
        scheme, _, token = authorization.partition(" ")
        digest = sha256(token.strip().encode(errors="surrogateescape")).digest()
        found = None
        for holder in self.holders:
            if hmac.compare_digest(holder.digest, digest):
                found = holder
        return found if scheme.lower() == "bearer" else None


def read_tokens(content: bytes, file: str) -> Tokens:
    """Raises ConfigError with all problems."""
    reading = Reading(parse(content, file, Limits(octets=1 << 20)))
    forms = list(_forms(reading))
    if not forms and not reading.failed:
        reading.complain(Source(file), f"the file has no token; write {_EXAMPLE}")
    if reading.failed:
        raise ConfigError(reading.problems)
    return Tokens(tuple(map(_holder, forms)), has_plain=any(form.token is not None for form in forms))


def _token(value: object) -> str:
    if not isinstance(value, str) or len(value) < SHORTEST or not _VISIBLE.fullmatch(value):
        raise ValueError(
            f"'token' has to be a text of {SHORTEST} or more letters, digits and signs; openssl rand -hex 32 makes one"
        )
    return value


def _sha256(value: object) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value.lower()):
        raise ValueError("'sha256' has to be 64 hex digits; printf %s TOKEN | sha256sum shows them")
    return value.lower()


class _TokenForm(Form):
    name: Identifier
    role: Role
    token: Annotated[str, BeforeValidator(_token)] | None = None
    sha256: Annotated[str, BeforeValidator(_sha256)] | None = None

    @model_validator(mode="after")
    def _has_one(self) -> "_TokenForm":
        if (self.token is None) == (self.sha256 is None):
            raise ValueError(f"'{self.name}' needs one of token and sha256")
        return self


def _forms(reading: Reading) -> Iterator[_TokenForm]:
    rows = reading.document.root or Rows(pack(0, 0))
    if not isinstance(rows, Rows):
        reading.complain(reading.document.value(), f"the file is a list, such as {_EXAMPLE}")
        return
    names: set[str] = set()
    for number, row in enumerate(rows):
        form = _form(reading, number, row)
        if form is None:
            continue
        if form.name in names:
            message = f"there is a token of '{form.name}' already; give each a name of its own"
            reading.complain(reading.document.value(number, "name"), message)
        names.add(form.name)
        yield form


def _form(reading: Reading, number: int, row: Node) -> _TokenForm | None:
    if isinstance(row, Table):
        return reading.form(_TokenForm, value_of(row), number)
    # Said here, since a message that shows what was found might show a token.
    reading.complain(reading.document.value(number), f"a token has a name and a role: {_EXAMPLE}")
    return None


def _holder(form: _TokenForm) -> Holder:
    digest = sha256(form.token.encode()).digest() if form.token is not None else bytes.fromhex(form.sha256 or "")
    return Holder(name=form.name, role=form.role, digest=digest)
