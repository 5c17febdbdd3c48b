"""Files and folders → zones: the edge of this package that reads from the disk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geodns.config.collector import collector_paused
from geodns.config.dnames import zones_below_dnames
from geodns.config.lint import lint
from geodns.config.marked import Tick, parse
from geodns.config.master import parse_master
from geodns.config.problem import ConfigError, Problem, unreadable
from geodns.config.reading import Reading
from geodns.config.transfers import STRANGERS, Acquaintances, undecided, with_default
from geodns.config.yaml_zone import Vocabulary, read_zone
from geodns.model.name import Name, show
from geodns.model.source import Source
from geodns.model.zone import Zone

__all__ = ["Loaded", "Vocabulary", "load"]

Progress = Callable[[int, int], None]  # octets read, octets in all

MASTER = ".zone"
SUFFIXES = (".yaml", ".yml", MASTER)

_PARSING = 0.6  # the share of the time for a YAML file that goes by before its tree stands; the rest is its records


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What the files say. `warnings` are sorted by place; `contents` are of those that were read."""

    zones: tuple[Zone, ...]
    warnings: tuple[Problem, ...]
    files: tuple[Path, ...]
    contents: Mapping[Path, bytes] = field(repr=False)


def load(
    paths: Sequence[Path],
    vocabulary: Vocabulary,
    known: Acquaintances = STRANGERS,
    *,
    progress: Progress | None = None,
) -> Loaded:
    """The zones of these files, and of the *.yaml, *.yml and *.zone files in these folders.

    `known`: what geodns.yaml says beside.

    Raises ConfigError with all problems of all files.
    """
    problems: list[Problem] = []
    files = tuple(dict.fromkeys(file for path in paths for file in _files(path, problems)))
    contents = {file: content for file in files if (content := _content(file, problems)) is not None}
    total = sum(map(len, contents.values()))
    zones: list[Zone] = []
    done = 0
    for file, content in contents.items():
        with collector_paused():
            zone = _read(file, content, vocabulary, known, _tick(progress, done, len(content), total), problems)
        done += len(content)
        if progress is not None:
            progress(done, total)
        if zone is not None:
            zones.append(with_default(zone, known))
            problems += filter(None, [undecided(zones[-1])])
    problems += _duplicates(zones)
    problems += zones_below_dnames(zones)
    if any(not problem.is_warning for problem in problems):
        raise ConfigError(problems)
    return Loaded(zones=tuple(zones), warnings=tuple(sorted(problems)), files=files, contents=contents)


def _files(path: Path, problems: list[Problem]) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    try:
        found = sorted(each for each in path.iterdir() if each.suffix in SUFFIXES and not each.name.startswith("."))
    except OSError as error:
        problems.append(Problem(Source(str(path)), f"the folder cannot be read: {error.strerror}"))
        return
    if not found:
        problems.append(Problem(Source(str(path)), "there is no zone file in this folder (*.yaml, *.yml, *.zone)"))
    yield from found


def _content(file: Path, problems: list[Problem]) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError as error:
        problems.append(unreadable(file, error))
        return None


def _read(
    file: Path,
    content: bytes,
    vocabulary: Vocabulary,
    known: Acquaintances,
    tick: Tick,
    problems: list[Problem],
) -> Zone | None:
    if file.suffix == MASTER:
        return _read_master(file, content, problems)
    document = parse(content, str(file), tick=lambda share: tick(share * _PARSING))
    reading = Reading(document, lambda share: tick(_PARSING + share * (1 - _PARSING)))
    zone = read_zone(reading, vocabulary, known)
    problems += reading.problems
    return zone


def _read_master(file: Path, content: bytes, problems: list[Problem]) -> Zone | None:
    try:
        zone = parse_master(content, str(file), file.stem)
    except ConfigError as error:
        problems += error.problems
        return None
    problems += lint(zone, lambda owner: zone.source)
    return zone


def _tick(progress: Progress | None, done: int, size: int, total: int) -> Tick:
    def tick(share: float) -> None:
        if progress is not None:
            progress(done + int(size * share), total)

    return tick


def _duplicates(zones: list[Zone]) -> Iterator[Problem]:
    first: dict[Name, Zone] = {}
    for zone in zones:
        other = first.setdefault(zone.name, zone)
        if other is not zone:
            yield Problem(zone.source, f"the zone {show(zone.name)} is in {other.source.file} already")
