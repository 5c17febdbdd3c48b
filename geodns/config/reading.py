"""One file while it is read: its tree, and the problems so far. Everything that reads a part of it is given this."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from geodns.config.complaints import complaints, unknown_keys
from geodns.config.fields import identifier
from geodns.config.marked import Tick
from geodns.config.problem import Problem, did_you_mean
from geodns.config.tree import Document, Node, Table, Value, value_of, without
from geodns.model.source import Source

F = TypeVar("F", bound=BaseModel)


class Reading:
    """Collects; whoever began the reading raises at its end."""

    def __init__(self, document: Document, tick: Tick = lambda _share: None) -> None:
        self.document = document
        self.tick = tick  # for those who take long
        self.problems: list[Problem] = list(document.problems)
        self._names: dict[str, frozenset[str]] = {}
        self._hints: dict[tuple[str, str], str] = {}  # a name may be wrong in ten thousand places

    def complain(self, source: Source, message: str) -> None:
        self.problems.append(Problem(source, message))

    def warn(self, source: Source, message: str) -> None:
        self.problems.append(Problem(source, message, is_warning=True))

    @property
    def failed(self) -> bool:
        return any(not problem.is_warning for problem in self.problems)

    def form(self, form: type[F], value: Value, *path: str | int) -> F | None:
        """The value, checked; None where it has problems. The path says where it stands.

        Keys that nobody knows are complained of and passed over, so that what else is wrong is told in the same run.
        """
        try:
            return form.model_validate(value)
        except ValidationError as error:
            self.problems += complaints(error, form, self.document, path)
            unknown = unknown_keys(error)
        try:
            return form.model_validate(without(value, unknown)) if unknown else None
        except ValidationError:
            return None

    def section(self, name: str, form: type[F]) -> Iterator[tuple[str, F]]:
        """The well-formed entries of a section. One bad entry does not hide the problems of the next."""
        for key, node in self.entries(name):
            entry = self.form(form, value_of(node), name, key)
            if entry is not None:
                yield key, entry

    def entries(self, name: str) -> Iterator[tuple[str, Node]]:
        """A section's entries as they were written, those with a bad name left out."""
        section = self.document.node(name)
        if not isinstance(section, Table):
            return
        for key, node in section.items():
            try:
                yield identifier(key), node
            except ValueError as error:
                self.complain(self.document.key(name, key), str(error))

    def names(self, section: str) -> frozenset[str]:
        """The names that a section declares, its broken entries too: who refers to one of those has made no mistake."""
        if section not in self._names:
            node = self.document.node(section)
            self._names[section] = frozenset(node) if isinstance(node, Table) else frozenset()
        return self._names[section]

    def knows(self, kind: str, name: str, known: Iterable[str], *path: str | int, as_key: bool = False) -> bool:
        """Whether the name is known; complains at the path's value, or at its key, where it is not."""
        if name in (known := frozenset(known)):
            return True
        if (kind, name) not in self._hints:
            self._hints[kind, name] = did_you_mean(name, known)
        place = self.document.key(*path) if as_key else self.document.value(*path)
        self.complain(place, f"there is no {kind} '{name}'{self._hints[kind, name]}")
        return False
