"""type: agent, as HAProxy's agent-check: the member itself says in a line how it is."""

import re
from contextlib import closing
from dataclasses import dataclass

from geodns.model.check import Heard, ProbeFailed
from geodns.model.place import Address
from geodns.probe.connection import connect
from geodns.probe.failure import failure
from geodns.probe.registry import probe
from geodns.probe.request import check_port
from geodns.probe.response import Reader

_LONGEST = 200  # characters that are sent
_TOLD = 80  # characters of what it says that are told
_UP = ("up", "ready")
_DOWN = ("down", "fail", "failed", "stopped")
_DRAINED = ("drain", "maint")
_PART = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")
_LOAD = re.compile(r"load:([0-9]{1,15}(?:\.[0-9]{1,9})?)")
_CONNECTIONS = re.compile(r"maxconn:[0-9]+")  # of HAProxy alone; a DNS server counts no connections


@probe("agent")
@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """The member says in one line that it is up, and may ask for a part of its weight and tell its load."""

    port: int
    send: str | None = None  # a line that is sent first

    def __post_init__(self) -> None:
        check_port(self.port)
        if self.send is not None and not (0 < len(self.send) <= _LONGEST and self.send.isprintable()):
            raise ValueError(f"send has to be one line of 1 to {_LONGEST} characters, without its end")

    @property
    def tells_load(self) -> bool:
        return True

    async def ask(self, address: Address) -> Heard:
        try:
            with closing(await connect(address, self.port)) as plain:
                if self.send is not None:
                    await plain.send(f"{self.send}\n".encode())
                return heard_in(await _first_line(Reader(plain)))
        except OSError as error:
            raise failure(error) from error


async def _first_line(reader: Reader) -> str:
    """One that the end of the connection ends is a line too: so HAProxy takes it."""
    line = await reader.line_or_rest()
    if not line.strip():
        raise ProbeFailed("closed the connection without an answer")
    return line.decode("utf-8", "replace")


def heard_in(line: str) -> Heard:
    """What the line says; raises ProbeFailed where that is no, or nothing that is understood.

    In this order: 1. it is down, 2. it wants no new clients, 3. its load and the part that it asks for. A line that
    names neither `up` nor `down` leaves that to the connection, which has come about.
    """
    said, _, description = line.strip().partition("#")
    words = said.lower().replace(",", " ").split()
    if odd := next((word for word in words if not _is_known(word)), None):
        raise ProbeFailed(f"the agent says '{_told(odd)}', which is not understood")
    if down := next((word for word in words if word in _DOWN), None):
        raise ProbeFailed(f"the agent says {down}{_because(description)}")
    part = next((float(found[1]) / 100 for word in words if (found := _PART.fullmatch(word))), 1.0)
    if part == 0 or any(word in _DRAINED for word in words):
        raise ProbeFailed(f"asks to be drained{_because(description)}")
    load = next((float(found[1]) for word in words if (found := _LOAD.fullmatch(word))), None)
    return Heard(f"the agent says {_told(' '.join(words))}", load, min(1.0, part))


def _is_known(word: str) -> bool:
    return word in (*_UP, *_DOWN, *_DRAINED) or any(form.fullmatch(word) for form in (_PART, _LOAD, _CONNECTIONS))


def _because(description: str) -> str:
    return f": {_told(description.strip())}" if description.strip() else ""


def _told(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:_TOLD])
