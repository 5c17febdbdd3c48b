"""The operator's own databases (GeoLite2, GeoIP2, DB-IP, ip-location-db ...) → Atlas.

Several files are laid over each other: of each address, the first that knows a place and the first that knows an AS
number are believed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from hashlib import sha256
from pathlib import Path

from geodns.geo.atlas import Atlas, Database
from geodns.geo.records import WANTED, place_from, unknown_country
from geodns.geo.runs import combine, merge
from geodns.geo.tree import BadTree, Step, Tree, open_tree, walk_v4, walk_v6
from geodns.model.place import NOWHERE, Place

Progress = Callable[[int, int | None], None]  # nodes read so far, and of how many


class BadDatabase(Exception):
    """The file cannot be used; `fault` says why, and what to do."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
        self.path = path
        self.fault = fault


def read(paths: Sequence[Path], progress: Progress | None = None) -> Atlas:
    """Read databases, each of places, of AS numbers, or of both. Raises BadDatabase."""
    assert paths, "no database to read"
    files = [_open(path) for path in paths]
    nodes = sum(file.tree.nodes for file in files)
    step = _stepper(progress, nodes)
    atlases = [_read_one(file, step) for file in files]
    step(nodes)  # the walks count in large steps: this one completes them
    return reduce(overlay, atlases)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    tree: Tree


def _open(path: Path) -> _File:
    try:
        return _File(path, open_tree(path.read_bytes()))
    except OSError as e:
        raise BadDatabase(path, f"{e.strerror}; correct the path under `geo:`, or remove it") from e
    except BadTree as e:
        raise _broken(path, e) from e


def _broken(path: Path, reason: BadTree) -> BadDatabase:
    return BadDatabase(path, f"{reason}; get the file again, and put it in place by renaming")


def _stepper(progress: Progress | None, nodes: int) -> Step:
    done = 0

    def step(visited: int) -> None:
        nonlocal done
        done = min(done + visited, nodes)
        if progress:
            progress(done, nodes)

    return step


def _read_one(file: _File, step: Step) -> Atlas:
    places: dict[Place, int] = {NOWHERE: 0}
    record = file.tree.reader(WANTED)

    @cache
    def place_of(leaf: int) -> int:
        if leaf == file.tree.nodes:
            return 0
        return places.setdefault(place_from(record(leaf)), len(places))

    try:
        blocks = walk_v4(file.tree, step), walk_v6(file.tree, step)
        v4, v6 = (merge(each.starts, each.leaves, place_of) for each in blocks)
    except BadTree as e:
        raise _broken(file.path, e) from e
    if len(places) == 1:
        seen = next((leaf for each in blocks for leaf in each.leaves if leaf != file.tree.nodes), None)
        raise _of_no_use(file, seen)
    name, digest = f"{file.path.name} ({file.tree.kind})", sha256(file.tree.content).hexdigest()
    return Atlas(
        name=name,
        built=file.tree.built,
        digest=digest,
        places=tuple(places),
        v4=v4,
        v6=v6,
        warnings=_warnings(file.path, places),
        databases=(Database(name=name, built=file.tree.built, digest=digest, tells=_tells(places)),),
    )


def _tells(places: Iterable[Place]) -> str:
    """Of places whose number is the database's, so they are gone through once."""
    has_places = has_numbers = False
    for place in places:
        has_places |= bool(place.country or place.continent or place.location)
        has_numbers |= place.asn is not None
    return " and ".join(what for what, is_there in (("places", has_places), ("AS numbers", has_numbers)) if is_there)


def _of_no_use(file: _File, leaf: int | None) -> BadDatabase:
    try:
        record = None if leaf is None else file.tree.reader()(leaf)
    except BadTree as e:
        return _broken(file.path, e)
    keys = ", ".join(sorted(map(str, record))) if isinstance(record, Mapping) else ""
    return BadDatabase(
        file.path,
        f"holds no countries, cities or AS numbers, but {keys or 'nothing'}; "
        "give a Country, City, Enterprise or ASN database",
    )


def _warnings(path: Path, places: Mapping[Place, int]) -> tuple[str, ...]:
    unknown = sorted({str(place.country) for place in places if unknown_country(place)})
    if not unknown:
        return ()
    return (
        f"{path}: uses country codes that are not in ISO 3166: {', '.join(unknown)}; rules can name them all the same",
    )


def overlay(upper: Atlas, lower: Atlas) -> Atlas:
    """What `upper` knows, and `lower` where it knows nothing."""
    places = {NOWHERE: 0}

    def join(above: int, below: int) -> int:
        return places.setdefault(_complete(upper.places[above], lower.places[below]), len(places))

    v4, v6 = combine(upper.v4, lower.v4, join), combine(upper.v6, lower.v6, join)
    return Atlas(
        name=f"{upper.name} + {lower.name}",
        built=min(upper.built, lower.built),
        digest=sha256(f"{upper.digest} {lower.digest}".encode()).hexdigest(),
        places=tuple(places),
        v4=v4,
        v6=v6,
        warnings=upper.warnings + lower.warnings,
        databases=upper.databases + lower.databases,
    )


def _complete(upper: Place, lower: Place) -> Place:
    # A place is taken from one file as a whole: a city of one country must not end up in another.
    if upper.country is None and upper.continent is None and upper.location is None:
        return replace(lower, asn=upper.asn or lower.asn)
    return replace(upper, asn=upper.asn or lower.asn)
