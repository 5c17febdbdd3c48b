"""Generations on disk. Files are written beside and renamed, never changed in place; the newest whole one is the
last-good state that survives a crash, a reboot, or a broken configuration.

A generation is put there first, and workers may take it up at once; then it is settled: synced, and only after that
are old ones dropped. So clients never wait for the disk, which may take long where it is busy or far away. A power cut
in between costs no more than that generation: its files may be empty, their checksums say so, and the one before, which
was settled, is served.

    generations/00000042.json            the manifest: which parts make up generation 42
    parts/names-5f2c….part               a part is named by its checksum, so one that did not change is not written
"""

import json
import mmap
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from geodns.table.image import ALL_KINDS, KINDS, TRANSFERS, Table
from geodns.table.layout import FORMAT
from geodns.table.part import Part, digest_of, open_part
from geodns.table.transfers import Transfers, read_transfers

KEPT = 3  # generations, so that a worker that is slow to load still finds its files


class BadGeneration(ValueError):
    """The generation is not whole; the message says what of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`parts`: file name of each kind. `memo`: what the maker wants to find again; the workers do not read it."""

    generation: int
    created: float  # seconds since the epoch
    format: int = FORMAT
    parts: dict[str, str]
    memo: dict[str, object]


class Store:
    """The generations in a state folder. One process writes, any number read."""

    def __init__(self, folder: Path) -> None:
        self.manifests = folder / "generations"
        self.parts = folder / "parts"
        self._whole_parts: set[str] = set()  # file names of parts that we wrote, or found as they should be
        self._unsettled: list[Path] = []  # written, and not on the disk for certain
        self._opened: dict[str, Part] = {}  # by file name, of the generation that was loaded last
        self._read: tuple[str, Transfers] | None = None  # likewise

    def numbers(self) -> list[int]:
        """Generations that have a manifest, the newest first."""
        stems = (path.stem for path in self.manifests.glob("*.json"))
        return sorted((int(stem) for stem in stems if stem.isdigit()), reverse=True)

    def next(self) -> int:
        """The number of the generation that is put next."""
        return next(iter(self.numbers()), 0) + 1

    def newest(self) -> Table | None:
        """The newest generation that is whole; damaged ones are passed over."""
        return next(self._whole(), None)

    def _whole(self) -> Iterator[Table]:
        for number in self.numbers():
            try:
                yield self.load(number)
            except BadGeneration:
                continue

    def load(self, generation: int) -> Table:
        """Verified and mapped. Raises BadGeneration."""
        manifest = self.manifest(generation)
        try:
            names, territories, plans = (self._open(kind, manifest.parts[kind]) for kind in KINDS)
            opened = zip(KINDS, (names, territories, plans), strict=True)
            self._opened = {manifest.parts[kind]: part for kind, part in opened}
            transfers = self._transfers(manifest.parts.get(TRANSFERS))
            return Table(names, territories, plans, manifest.generation, manifest.created, transfers)
        except (OSError, KeyError, ValueError) as error:
            raise BadGeneration(f"generation {generation}: {error}") from error

    def manifest(self, generation: int) -> Manifest:
        """Raises BadGeneration where there is none, or one that is damaged or of another version."""
        path = self.manifests / f"{generation:08d}.json"
        try:
            checksum, text = path.read_text().split("\n", 1)
            if checksum != _checksum(text):
                raise BadGeneration(f"{path}: the checksum does not fit")
            manifest = Manifest(**json.loads(text))
        except (OSError, ValueError, TypeError) as error:
            raise BadGeneration(f"{path}: {error}") from error
        if manifest.format != FORMAT:
            raise BadGeneration(f"{path}: format {manifest.format}, this version reads {FORMAT}")
        return manifest

    def _transfers(self, name: str | None) -> Transfers | None:
        """Read once, as long as it stays the same part."""
        if name is None:
            self._read = None
        elif self._read is None or self._read[0] != name:
            self._read = name, read_transfers(open_part(self._map(name), ALL_KINDS[TRANSFERS]))
        return self._read[1] if self._read is not None else None

    def transfers(self) -> Transfers | None:
        """Those of the newest generation, whatever its other parts are like. None: it has none, or they are damaged."""
        for number in self.numbers():
            try:
                return self._transfers(self.manifest(number).parts.get(TRANSFERS))
            except BadGeneration:
                continue
            except (OSError, ValueError):
                return None
        return None

    def _open(self, kind: str, name: str) -> Part:
        """A part that the last generation had too is the same memory: it was verified then, and its name tells."""
        return self._opened.get(name) or open_part(self._map(name), KINDS[kind])

    def _map(self, name: str) -> memoryview:
        with (self.parts / name).open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def publish(self, parts: dict[str, bytes], created: float, memo: dict[str, object]) -> Manifest:
        """Writes the next generation from sealed parts (`names`, `territories`, `plans`, maybe `transfers`), and drops
        old ones."""
        manifest = self.put(parts, created, memo)
        self.settle()
        return manifest

    def put(self, parts: dict[str, bytes], created: float, memo: dict[str, object]) -> Manifest:
        """The next generation, to be seen by all who read; settle() follows. Raises OSError."""
        self.manifests.mkdir(parents=True, exist_ok=True)
        self.parts.mkdir(parents=True, exist_ok=True)
        files = {kind: self._keep(kind, part) for kind, part in parts.items()}
        number = self.next()
        manifest = Manifest(generation=number, created=created, parts=files, memo=memo)
        text = json.dumps(asdict(manifest), indent=1)
        self._write(self.manifests / f"{number:08d}.json", f"{_checksum(text)}\n{text}".encode())
        return manifest

    def settle(self) -> None:
        """What was put outlives a power cut from now on, and old generations are dropped. Raises OSError."""
        for path in self._unsettled:
            sync(path)
        for folder in (self.parts, self.manifests):
            sync(folder)
        self._unsettled.clear()
        self._prune()

    def _keep(self, kind: str, part: bytes) -> str:
        name = f"{kind}-{digest_of(part)[:32]}.part"
        path = self.parts / name
        if not path.exists() or not self._is_whole(path, part):
            self._write(path, part, 0o600 if kind == TRANSFERS else 0o666)  # there are keys in it
        self._whole_parts.add(name)
        return name

    def _write(self, path: Path, octets: bytes, mode: int = 0o666) -> None:
        beside = _beside(path)
        beside.unlink(missing_ok=True)  # one that is there keeps its mode
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(octets)
        beside.replace(path)
        self._unsettled.append(path)

    def _is_whole(self, path: Path, part: bytes) -> bool:
        """What an earlier run left may be damaged, so it is read once; no new generation shall build on it."""
        return path.stat().st_size == len(part) and (path.name in self._whole_parts or path.read_bytes() == part)

    def _prune(self) -> None:
        kept: set[str] = set()
        for place, number in enumerate(self.numbers()):
            if place < KEPT:
                kept |= self._files_of(number)
            else:
                (self.manifests / f"{number:08d}.json").unlink(missing_ok=True)
        for path in self.parts.iterdir():
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _files_of(self, number: int) -> set[str]:
        try:
            return set(self.manifest(number).parts.values())
        except BadGeneration:
            return set()


def _checksum(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def write_whole(path: Path, octets: bytes) -> None:
    """All of the new content or all of the old: whoever reads `path`, and after a power cut too."""
    beside = _beside(path)
    beside.write_bytes(octets)
    sync(beside)
    beside.replace(path)
    sync(path.parent)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def sync(path: Path) -> None:
    """A file or a folder is on the disk when this returns."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
