"""A scenario file → what is done, and what must be seen, step by step.

title: a sentence, shown as the test's name
zone: |                       # a zone file; {port} is where the backends listen, {+3s} the time three seconds on
backends: {web1: 127.0.0.11}  # web servers, all on that port
steps:
  - {ask: www, gets: [127.0.0.11]}                 # over enough questions, exactly these addresses; []: NODATA
  - {ask: www, never: [127.0.0.12], within: 2}     # true within 2 s, and from then on
  - {ask: www, gets: [d.example.net.]}             # or the target of a CNAME; of HTTPS, its hints
  - {ask: www, type: AAAA, subnet: 192.0.2.0/24, gets: [], rcode: NOERROR, ttl: 10}
  - {kill: web1}                                   # ail: it answers 503 · start: it is well again
  - {drain: main/web2, expires: 2}                 # or down, up, clear: what operators say through the API
  - {wait: 1}
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ConfigDict, TypeAdapter

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is not named is not looked at. `within` in seconds."""

    __pydantic_config__ = _STRICT
    verb: Literal["ask"]
    of: str
    type: Literal["A", "AAAA", "CNAME", "HTTPS", "SOA"] = "A"
    subnet: str | None = None
    gets: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    rcode: str = "NOERROR"
    ttl: int | None = None
    within: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something happens to a backend."""

    __pydantic_config__ = _STRICT
    verb: Literal["kill", "ail", "start"]
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An operator says something of `pool/member`. `expires` in seconds from now; None: it stays."""

    __pydantic_config__ = _STRICT
    verb: Literal["drain", "down", "up", "clear"]
    of: str
    expires: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    __pydantic_config__ = _STRICT
    verb: Literal["wait"]
    of: float  # seconds


Step = Ask | Fault | Order | Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    __pydantic_config__ = _STRICT
    title: str
    zone: str
    backends: Mapping[str, str]
    steps: tuple[Step, ...]

    def zone_text(self, port: int, now: float) -> str:
        """`now`: when the flow begins, in seconds since the epoch."""

        def moment(found: re.Match[str]) -> str:
            return datetime.fromtimestamp(now + float(found[1]), UTC).isoformat()

        return _MOMENT.sub(moment, self.zone.replace("{port}", str(port)))


_MOMENT = re.compile(r"\{\+([0-9.]+)s\}")


_FLOW = TypeAdapter(Flow)


def read_flow(path: Path) -> Flow:
    """Raises pydantic's ValidationError, which says what of the file is not understood."""
    content = yaml.safe_load(path.read_text())
    steps = [_with_verb(step) for step in content["steps"]]
    return _FLOW.validate_python({**content, "steps": steps})


def _with_verb(step: dict[str, object]) -> dict[str, object]:
    """`{kill: web1, ...}` in the form of the classes: the first key is the verb."""
    verb, *others = step
    return {"verb": verb, "of": step[verb], **{key: step[key] for key in others}}
