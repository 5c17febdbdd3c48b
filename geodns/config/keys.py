"""`keys:` of geodns.yaml → the keys that sign messages (TSIG, RFC 8945)."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from geodns.config.forms import Form
from geodns.config.problem import did_you_mean
from geodns.config.reading import Reading
from geodns.model.name import BadName, Name, parse_name, show
from geodns.model.transfer import Key

# RFC 8945 §6, without hmac-md5: it must not be used any more.
ALGORITHMS = (
    "hmac-sha1",
    "hmac-sha224",
    "hmac-sha256",
    "hmac-sha256-128",
    "hmac-sha384",
    "hmac-sha384-192",
    "hmac-sha512",
    "hmac-sha512-256",
)
_SHORTEST = 8  # octets of a secret; RFC 8945 §8 asks for as many as the algorithm's output
_STATEMENT = re.compile(r'\bkey\s+"?([^\s"{]+)"?\s*\{(.*?)\}', re.DOTALL)
_ALGORITHM = re.compile(r'\balgorithm\s+"?([\w-]+)"?\s*;')
_SECRET = re.compile(r'\bsecret\s+"?([A-Za-z0-9+/=\s]+)"?\s*;')

Keys = Mapping[Name, Key]


def _algorithm(value: object) -> object:
    text = str(value).lower().removesuffix(".").removesuffix(".sig-alg.reg.int")
    if text in ALGORITHMS:
        return text
    if text == "hmac-md5":
        raise ValueError("hmac-md5 is broken, and must not be used (RFC 8945 §6); use hmac-sha256")
    raise ValueError(f"there is no algorithm '{value}'{did_you_mean(text, ALGORITHMS)}")


class KeyForm(Form):
    """A secret that two servers share, by which they sign what they say to each other (TSIG)."""

    algorithm: Annotated[str, BeforeValidator(_algorithm)] = Field(
        "hmac-sha256", description="How messages are signed."
    )
    secret: str | None = Field(None, description="The secret in base64, as tsig-keygen makes it.")
    file: str | None = Field(None, description="Instead: the path of a file that has it, or a `key` statement of BIND.")


def read_keys(reading: Reading, forms: Mapping[str, KeyForm], folder: Path) -> tuple[Keys, tuple[Path, ...]]:
    """The good ones by name, and the files that some of them come from."""
    keys: dict[Name, Key] = {}
    files = tuple(folder / Path(form.file).expanduser() for form in forms.values() if form.file is not None)
    for text, form in forms.items():
        try:
            key = _key(text, form, folder)
        except BadName as error:
            reading.complain(reading.document.key("keys", text), str(error))
            continue
        except ValueError as error:
            reading.complain(reading.document.value("keys", text), str(error))
            continue
        if key.name in keys:
            reading.complain(reading.document.key("keys", text), f"there is a key {key} already")
        keys[key.name] = key
    return keys, files


def key_named(text: str, keys: Keys) -> Key:
    """Raises ValueError with a sentence for the operator."""
    key = keys.get(parse_name(text))
    if key is None:
        known = [show(name).removesuffix(".") for name in keys]
        raise ValueError(f"there is no key '{text}' in geodns.yaml{did_you_mean(text, known)}")
    return key


def _key(text: str, form: KeyForm, folder: Path) -> Key:
    name = parse_name(text)
    if (form.secret is None) == (form.file is None):
        raise ValueError(f"key '{text}' wants one of 'secret' and 'file'")
    algorithm, secret = form.algorithm, form.secret
    if form.file is not None:
        algorithm, secret = _from_file(folder / Path(form.file).expanduser(), name, algorithm)
    return Key(name=name, algorithm=algorithm, secret=_octets(text, secret or ""))


def _from_file(path: Path, name: Name, algorithm: str) -> tuple[str, str]:
    """The secret alone; or a statement of that name, which says the algorithm too."""
    try:
        content = path.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        raise ValueError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no plain text'}"
        ) from None
    statements = _STATEMENT.findall(content)
    if not statements:
        return algorithm, content
    for found, body in statements:
        said, secret = _ALGORITHM.search(body), _SECRET.search(body)
        if parse_name(found) == name and secret:
            return str(_algorithm(said[1])) if said else algorithm, secret[1]
    raise ValueError(f"{path} has no statement of this key; it has {', '.join(found for found, _ in statements)}")


def _octets(text: str, secret: str) -> bytes:
    try:
        octets = b64decode("".join(secret.split()), validate=True)
    except Error:
        raise ValueError(f"the secret of key '{text}' is no base64; make one with: tsig-keygen {text}") from None
    if len(octets) < _SHORTEST:
        raise ValueError(f"the secret of key '{text}' has {len(octets)} octets; make one with: tsig-keygen {text}")
    return octets
