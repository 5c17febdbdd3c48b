"""YAML → a tree that knows where each key and each value stands.

Built on PyYAML's event stream: its loaders read YAML 1.1 and forget the places. Anchors, aliases, tags and further
documents are refused, for a zone file says what it says where it says it; so are duplicate keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, Protocol, cast

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from geodns.config.decoding import decode
from geodns.config.problem import Problem
from geodns.config.scalars import plain
from geodns.config.tree import Document, Mark, Node, Rows, Table, pack, source_of
from geodns.model.source import Source

Tick = Callable[[float], None]  # given the share of the text that has been read, 0 to 1

_NODES_PER_TICK = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost before anybody has judged what it says."""

    octets: int = 64 << 20
    depth: int = 32
    nodes: int = 10_000_000


def parse(content: bytes, file: str, limits: Limits = Limits(), tick: Tick | None = None) -> Document:
    """The tree, and the problems found on the way. Where the YAML itself is broken there is no root; never raises."""
    text = decode(content, file, limits.octets)
    if isinstance(text, Problem):
        return Document(file, None, (text,))
    builder = _Builder(text, file, limits, tick)
    root = builder.build()
    return Document(file, root, tuple(builder.problems))


class _Mark(Protocol):
    """PyYAML's marks, counted from 0."""

    index: int
    line: int
    column: int


class _Events(Protocol):
    """What is used of PyYAML's parsers, the one in C and the one in Python."""

    def get_event(self) -> Event | None: ...
    def dispose(self) -> None: ...


def _events(text: str) -> _Events:
    return yaml.CSafeLoader(text) if yaml.__with_libyaml__ else yaml.SafeLoader(text)


class _Refused(Exception):
    """No sense in reading on; the problem is noted already."""


class _Builder:
    """Each step of it is taken some five million times for a million records: hence the few calls between them."""

    def __init__(self, text: str, file: str, limits: Limits, tick: Tick | None) -> None:
        self.problems: list[Problem] = []
        self._length = len(text) or 1
        self._file = file
        self._limits = limits
        self._tick = tick
        self._nodes = 0
        self._next_look = min(_NODES_PER_TICK, limits.nodes + 1)  # the count of nodes at which something is due
        self._events = _events(text)
        # The stream's end is an event too, and nobody asks for one beyond it.
        self._next = cast(Callable[[], Event], self._events.get_event)

    def build(self) -> Node | None:
        try:
            return self._root()
        except yaml.YAMLError as error:
            self._note_syntax(error)
        except _Refused:
            pass
        finally:
            self._events.dispose()
        return None

    def _root(self) -> Node:
        self._next()  # the stream starts
        if isinstance(self._next(), StreamEndEvent):
            return Table(pack(0, 0))
        root = self._node(self._next(), 1)
        self._next()  # the document ends
        if isinstance(event := self._next(), DocumentStartEvent):
            self._refuse(event, "a second document starts here; write each zone into a file of its own")
        return root

    def _node(self, event: Event, depth: int) -> Node:
        self._nodes += 1
        if self._nodes >= self._next_look or depth > self._limits.depth:
            self._look(event, depth)
        if isinstance(event, ScalarEvent):
            if event.anchor is not None or event.tag is not None:
                self._note_properties(event)
            return event.value if event.style else plain(event.value)
        if isinstance(event, AliasEvent):
            self._refuse(event, f"the alias '*{event.anchor}' is not supported; write the value out")
        assert isinstance(event, NodeEvent)
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            self._note_properties(event)
        if isinstance(event, MappingStartEvent):
            return self._table(event, depth)
        return self._rows(event, depth)

    def _table(self, start: Event, depth: int) -> Table:
        table = Table(_mark(start))
        while not isinstance(key_event := self._next(), MappingEndEvent):
            if not isinstance(key_event, ScalarEvent):
                self._refuse(key_event, "a key has to be a word or a text, not a list, a mapping or an alias")
            key = self._key(key_event, depth)
            value_event = self._next()
            value = self._node(value_event, depth + 1)
            if key not in table:
                table.add(key, _mark(key_event), value, _mark(value_event))
                continue
            first = source_of(self._file, table.key_mark(key))
            self._note(key_event, f"the key '{key}' stands here a second time; the first is in line {first.line}")
        return table

    def _key(self, event: ScalarEvent, depth: int) -> str:
        """The text as it was written: a key is never read as a number or a truth value."""
        self._nodes += 1
        if self._nodes >= self._next_look or depth > self._limits.depth:
            self._look(event, depth)
        if event.anchor is not None or event.tag is not None:
            self._note_properties(event)
        key: str = event.value
        if not key and not event.style:
            self._note(event, "a key is missing before the colon")
        return key

    def _rows(self, start: Event, depth: int) -> Rows:
        rows = Rows(_mark(start))
        while not isinstance(event := self._next(), SequenceEndEvent):
            rows.add(self._node(event, depth + 1), _mark(event))
        return rows

    def _look(self, event: Event, depth: int) -> None:
        """Whether it becomes too much, and how far it has come."""
        if depth > self._limits.depth:
            self._refuse(event, f"lists and mappings are nested more than {self._limits.depth} deep")
        if self._nodes > self._limits.nodes:
            self._refuse(event, f"the file has more than {self._limits.nodes} keys and values; split the zone")
        if self._tick is not None:
            self._tick(min(1.0, _start(event).index / self._length))
        self._next_look = min(self._nodes + _NODES_PER_TICK, self._limits.nodes + 1)

    def _note_properties(self, event: NodeEvent) -> None:
        if event.anchor is not None:
            self._note(event, f"the anchor '&{event.anchor}' is not supported; write the value out where it is used")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._note(event, f"the tag '{tag}' is not supported; a text that looks like a number goes in quotes")

    def _note_syntax(self, error: yaml.YAMLError) -> None:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        if mark is None:
            self.problems.append(Problem(Source(self._file), f"this is no YAML: {error}"))
            return
        reason = error.problem if isinstance(error, yaml.MarkedYAMLError) else None
        message = f"this is no YAML: {reason or 'it cannot be read'}"
        self.problems.append(Problem(Source(self._file, mark.line + 1, mark.column + 1), message))

    def _note(self, event: Event, message: str) -> None:
        self.problems.append(Problem(source_of(self._file, _mark(event)), message))

    def _refuse(self, event: Event, message: str) -> NoReturn:
        self._note(event, message)
        raise _Refused


def _mark(event: Event) -> Mark:
    mark = _start(event)
    return Mark(mark.line << 32 | mark.column)  # pack(), without the call: this is asked for each key and value


def _start(event: Event) -> _Mark:
    mark: _Mark | None = event.start_mark
    assert mark is not None, "the parsers mark every event"
    return mark
