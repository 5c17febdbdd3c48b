"""Problems of the operator's files as JSON, errors and warnings apart. Pure."""

from collections.abc import Iterable

from geodns.admin.members import Json
from geodns.config.problem import Problem


def errors(problems: Iterable[Problem]) -> list[Json]:
    return [_view(problem) for problem in problems if not problem.is_warning]


def warnings(problems: Iterable[Problem]) -> list[Json]:
    return [_view(problem) for problem in problems if problem.is_warning]


def _view(problem: Problem) -> Json:
    """Line and column from 1; 0: the file as a whole."""
    source = problem.source
    return {"file": source.file, "line": source.line, "column": source.column, "message": problem.message}
