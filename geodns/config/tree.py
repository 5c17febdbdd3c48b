"""What a YAML file says, as a tree, and where each key and value of it stands."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import NewType, TypeAlias

from geodns.config.problem import Problem
from geodns.config.scalars import Scalar, resolve
from geodns.model.source import Source

Mark = NewType("Mark", int)  # line and column in one integer: a large zone has a million of them
Path = tuple[str | int, ...]  # ("pools", "eu", "members", "fra1"), or ("tests", 3)
Value = Scalar | list["Value"] | dict[str, "Value"]


def pack(line: int, column: int) -> Mark:
    """Line and column as PyYAML counts them, from 0."""
    return Mark(line << 32 | column)


def source_of(file: str, mark: Mark) -> Source:
    return Source(file, (mark >> 32) + 1, (mark & 0xFFFFFFFF) + 1)


class Table(dict[str, "Node"]):
    """A mapping in the order of the file, with a mark for itself, each key and each value."""

    __slots__ = ("_marks", "_ordinals", "mark")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self._marks: list[Mark] = []  # of the first key, the first value, the second key, ...
        self._ordinals: dict[str, int] | None = None  # made when first asked for, mostly never

    def add(self, key: str, key_mark: Mark, value: "Node", value_mark: Mark) -> None:
        self[key] = value
        self._marks += (key_mark, value_mark)
        self._ordinals = None

    def key_mark(self, key: str) -> Mark:
        return self._marks[2 * self._ordinal(key)]

    def value_mark(self, key: str) -> Mark:
        return self._marks[2 * self._ordinal(key) + 1]

    def entries(self) -> Iterator[tuple[str, "Node", Mark, Mark]]:
        """Key, value, the key's mark and the value's."""
        marks = iter(self._marks)
        for (key, value), key_mark, value_mark in zip(self.items(), marks, marks, strict=True):
            yield key, value, key_mark, value_mark

    def _ordinal(self, key: str) -> int:
        if self._ordinals is None:
            self._ordinals = {each: ordinal for ordinal, each in enumerate(self)}
        return self._ordinals[key]


class Rows(list["Node"]):
    """A sequence with a mark for itself and each item."""

    __slots__ = ("mark", "marks")

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.marks: list[Mark] = []

    def add(self, value: "Node", mark: Mark) -> None:
        self.append(value)
        self.marks.append(mark)


Node: TypeAlias = Table | Rows | str  # a string is a scalar, Plain where it has another value than its text


def value_of(node: Node) -> Value:
    """The tree as plain Python, scalars resolved."""
    if isinstance(node, Table):
        return {key: value_of(value) for key, value in node.items()}
    if isinstance(node, Rows):
        return [value_of(item) for item in node]
    return resolve(node)


def without(value: Value, paths: Sequence[Path]) -> Value:
    """A copy that lacks the keys at the ends of these paths. Steps that are not in the value are passed over."""
    if isinstance(value, dict):
        ends = {path[0] for path in paths if len(path) == 1}
        return {key: without(each, _below(paths, key, value)) for key, each in value.items() if key not in ends}
    if isinstance(value, list):
        return [without(each, _below(paths, at, range(len(value)))) for at, each in enumerate(value)]
    return value


def _below(paths: Sequence[Path], step: str | int, steps: Container[str | int]) -> list[Path]:
    """The paths that go on below `step`, from there on."""
    found = [path[next((at for at, each in enumerate(path) if each in steps), 0) :] for path in paths]
    return [path[1:] for path in found if len(path) > 1 and path[0] == step]


@dataclass(frozen=True, slots=True)
class Document:
    """A file's tree. `root` is None where the YAML is broken; `problems` are those of the YAML itself."""

    file: str
    root: Node | None
    problems: tuple[Problem, ...] = ()

    def at(self, mark: Mark) -> Source:
        return source_of(self.file, mark)

    def node(self, *path: str | int) -> Node | None:
        """What stands there, None where nothing does."""
        node = self.root
        for step in path:
            if isinstance(node, Table) and isinstance(step, str):
                node = node.get(step)
            elif isinstance(node, Rows) and isinstance(step, int) and step < len(node):
                node = node[step]
            else:
                return None
        return node

    def key(self, *path: str | int) -> Source:
        """Where the path's last key stands; a list's item has none, so there it is the item."""
        return self._walk(path, wants_key=True)

    def value(self, *path: str | int) -> Source:
        """Where the path's value stands."""
        return self._walk(path, wants_key=False)

    def _walk(self, path: Path, *, wants_key: bool) -> Source:
        """Steps that are not in the tree are passed over: validators name cases of theirs in between."""
        node = self.root
        if node is None:
            return Source(self.file)
        mark = pack(0, 0) if isinstance(node, str) else node.mark
        for step in path:
            if isinstance(node, Table) and isinstance(step, str) and step in node:
                mark = node.key_mark(step) if wants_key else node.value_mark(step)
                node = node[step]
            elif isinstance(node, Rows) and isinstance(step, int) and step < len(node):
                mark = node.marks[step]
                node = node[step]
        return self.at(mark)
