"""What the operator gave, read from disk: settings, zones, databases. Slow work, so it is done in a thread."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from geodns.config.problem import ConfigError, Problem
from geodns.config.server import GeoPaths, Settings
from geodns.config.zones import Vocabulary, load
from geodns.geo import mmdb
from geodns.geo.atlas import Atlas
from geodns.geo.centroids import countries
from geodns.geo.embedded import embedded
from geodns.model.secondary import Secondary
from geodns.model.source import Source
from geodns.model.zone import Zone
from geodns.policy import names as selections
from geodns.policy.trial import failures
from geodns.probe import PROBES

VOCABULARY = Vocabulary(
    probes=PROBES,
    selections=selections(),
    countries={country.code: country.continent for country in countries().values()},
)

# (what is being done, how far, of how much; None: not known)
Progress = Callable[[str, int, int | None], None]


Copies = Callable[[Sequence[Secondary]], Sequence[Zone]]


def no_copies(_: Sequence[Secondary]) -> Sequence[Zone]:
    """For those who look at files alone."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """A whole and tested configuration. `files` are those that a change of makes a reload due.

    `contents`: of the zone files, as long as a snapshot is to be made of them.
    """

    settings: Settings
    zones: tuple[Zone, ...]
    atlas: Atlas
    warnings: tuple[Problem, ...]
    files: tuple[Path, ...]
    contents: Mapping[Path, bytes] = field(default_factory=dict, repr=False)


def read_inputs(
    settings: Settings,
    last_atlas: Atlas | None = None,
    progress: Progress | None = None,
    *,
    tested: bool = True,
    with_contents: bool = False,
    copies: Copies = no_copies,
) -> Inputs:
    """Raises ConfigError: problems of the zones and the databases together, or else the zones' failed tests.

    `tested` False: the zones' own tests are not run, for those who want to see what a failing one would do.
    `copies`: of zones that come from other servers, for those who have some.
    A database that cannot be read is a warning where `last_atlas` can go on serving, else it is an error.
    """
    report = progress or silent
    try:
        return _read(settings, last_atlas, report, copies, tested=tested, with_contents=with_contents)
    finally:
        report("databases", 1, 1)  # whatever came of it, nothing of it is shown any longer


def _read(
    settings: Settings, last_atlas: Atlas | None, report: Progress, copies: Copies, *, tested: bool, with_contents: bool
) -> Inputs:
    problems: list[Problem] = []
    loaded = _or_problems(
        problems,
        lambda: load(
            settings.zones,
            VOCABULARY,
            settings.acquaintances(),
            progress=lambda done, total: report("zones", done, total),
        ),
    )
    read = _or_problems(problems, lambda: read_atlas(settings.geo, last_atlas, report))
    if loaded is not None:
        problems += _in_both(loaded.zones, settings.secondaries)
    if loaded is None or read is None or problems:
        raise ConfigError(problems)
    atlas, faults = read
    zones = (*loaded.zones, *copies(settings.secondaries))
    served = [zone.name for zone in zones]
    tests = [failure for zone in loaded.zones if tested for failure in failures(zone, atlas.place_of, served)]
    failed = [Problem(failure.test.source, str(failure)) for failure in tests]
    if failed:
        raise ConfigError([*failed, *loaded.warnings])
    return Inputs(
        settings=settings,
        zones=zones,
        atlas=atlas,
        warnings=(*settings.warnings, *faults, *loaded.warnings),
        files=(*loaded.files, *database_files(settings.geo)),
        contents=loaded.contents if with_contents else {},
    )


def _in_both(zones: Sequence[Zone], secondaries: Sequence[Secondary]) -> Iterator[Problem]:
    here = {zone.name: zone for zone in zones}
    for each in secondaries:
        if each.zone in here:
            way_out = "remove that file, or the entry here"
            yield Problem(each.source, f"the zone {each} is in {here[each.zone].source.file} already; {way_out}")


T = TypeVar("T")


def _or_problems(problems: list[Problem], step: Callable[[], T]) -> T | None:
    try:
        return step()
    except ConfigError as error:
        problems += error.problems
        return None


def silent(_what: str, _done: int, _total: int | None) -> None:
    return None


def database_files(geo: GeoPaths) -> tuple[Path, ...]:
    return tuple(path for path in (geo.city, geo.country, geo.enterprise, geo.asn) if path is not None)


def read_atlas(
    geo: GeoPaths, last: Atlas | None = None, progress: Progress | None = None
) -> tuple[Atlas, tuple[Problem, ...]]:
    """The operator's databases, and warnings; the embedded one says where clients are unless one of theirs does.

    Raises ConfigError where one cannot be read and there is no `last` that goes on.
    """
    paths = database_files(geo)
    if not paths:
        return embedded(), ()
    report = progress or silent
    try:
        atlas = mmdb.read(paths, lambda done, total: report("databases", done, total))
    except mmdb.BadDatabase as bad:
        problem = Problem(Source(str(bad.path)), bad.fault, is_warning=last is not None)
        if last is None:
            raise ConfigError([problem]) from bad
        return last, (problem,)
    if paths == (geo.asn,):
        atlas = mmdb.overlay(embedded(), atlas)
    return atlas, tuple(Problem(Source(str(paths[0])), text, is_warning=True) for text in atlas.warnings)
