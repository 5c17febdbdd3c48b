"""What control and a worker say to each other: one value a datagram, as a line of JSON.

control → worker    Publish(generation), Ask()
worker → control    Serving(generation, pid), Refused(generation, reason), Notified(zone, client, key)
"""

import json
from dataclasses import asdict, dataclass

MAX_MESSAGE = 4096  # octets
MAX_REASON = 1000  # characters


class BadMessage(ValueError):
    """The bytes are no message: the two sides are of different versions."""


@dataclass(frozen=True, slots=True)
class Publish:
    """This generation is in the store now: take it up."""

    generation: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Which generation do you serve? The answer is Serving."""


@dataclass(frozen=True, slots=True)
class Serving:
    """This generation answers from now on. 0: none yet, every query gets SERVFAIL."""

    generation: int
    pid: int


@dataclass(frozen=True, slots=True)
class Refused:
    """This generation was not taken up; the one before answers on."""

    generation: int
    reason: str


@dataclass(frozen=True, slots=True)
class Notified:
    """A NOTIFY has come for a zone that is copied. `zone` and `key`, names in wire form, as hexadecimal digits; `key`:
    that the sender has signed with, empty where it has not."""

    zone: str
    client: str
    key: str


Message = Publish | Ask | Serving | Refused | Notified

_KINDS: dict[str, type[Message]] = {
    "publish": Publish,
    "ask": Ask,
    "serving": Serving,
    "refused": Refused,
    "notified": Notified,
}
_WORDS = {kind: word for word, kind in _KINDS.items()}
_FIELDS: dict[str, type] = {"generation": int, "pid": int, "reason": str, "zone": str, "client": str, "key": str}


def encode(message: Message) -> bytes:
    if isinstance(message, Refused):
        message = Refused(message.generation, message.reason[:MAX_REASON])
    return json.dumps({"say": _WORDS[type(message)], **asdict(message)}, ensure_ascii=False).encode()


def decode(octets: bytes) -> Message:
    """Raises BadMessage."""
    try:
        said = json.loads(octets)
        kind = _KINDS[said.pop("say")]
        if not all(isinstance(value, _FIELDS[field]) for field, value in said.items()):
            raise BadMessage(f"a field of the wrong type in {octets[:100]!r}")
        return kind(**said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadMessage(f"not a message between control and worker: {octets[:100]!r}") from error
