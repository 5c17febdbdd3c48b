"""What each reload was made from, kept beside the generations: zone files as they were read, networks, and names.

    configurations/00000041-5f2c….zip     of generation 41 and those after it, until the next

Written where a reload brings another configuration, before its generation, so no generation is ever without its own; a
health flip writes nothing. More of them are kept than of generations: what was edited an hour ago is still asked for
when a hundred flips have come since.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from geodns.config.keys import Keys
from geodns.config.networks import parse_network
from geodns.config.server import GeoPaths, Settings
from geodns.control.inputs import Inputs
from geodns.model.name import parse_name, show
from geodns.model.place import Network
from geodns.model.transfer import Key
from geodns.table.store import write_whole

KEPT = 10
_NAME = re.compile(r"[0-9]{8}-[0-9a-f]+\.zip", re.ASCII)
_SETTINGS = "settings.json"
_LEVEL = 1  # of zlib: the others take several times as long for files a fifth smaller


class NoConfiguration(LookupError):
    """None is kept for the generation, or it is damaged; the message says which, and what there is."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`packed` None: it is the one that is kept already."""

    digest: str
    packed: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One that was read back. `paths`: of the zones, as the server was told; `databases`: their digests and names."""

    first: int  # generation
    contents: Mapping[str, bytes]  # by a path below any folder, in the order that they were read
    paths: tuple[Path, ...]
    networks: Mapping[str, tuple[Network, ...]]
    keys: Keys  # their names alone
    geo: GeoPaths
    digest: str  # of the databases
    database: str

    def settings(self, folder: Path) -> Settings:
        """With the zone files laid out in the folder."""
        files = [folder / name for name in self.contents]
        for file, content in zip(files, self.contents.values(), strict=True):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return Settings(zones=tuple(files), networks=self.networks, keys=self.keys, geo=self.geo)


class Configurations:
    """Those in a state folder. One process writes, any number read."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "configurations"

    def snapshot(self, inputs: Inputs, generation: int) -> Snapshot:
        """For `generation` or a later one. In a thread: a million names take their time. `inputs` have contents."""
        described = _described(inputs)
        digest = _digest(described, inputs.contents)
        before = [path for number, path in self._files().items() if number < generation]
        if before and before[-1].stem.endswith(digest):
            return Snapshot(digest, None)
        return Snapshot(digest, _pack(described, inputs.contents))

    def put(self, generation: int, snapshot: Snapshot) -> None:
        """Before the generation is there. Raises OSError."""
        self.drop(generation)  # left by a history that is gone, or by a generation that never came to be
        if snapshot.packed is None:
            return
        # Zone files may hold secrets, in the headers of probes, and be readable by their owner alone.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._folder / f"{generation:08d}-{snapshot.digest}.zip", snapshot.packed)
        for path in list(self._files().values())[:-KEPT]:
            path.unlink(missing_ok=True)

    def drop(self, generation: int) -> None:
        """Those of this generation and later ones."""
        for number, path in self._files().items():
            if number >= generation:
                path.unlink(missing_ok=True)

    def of(self, generation: int) -> Configuration:
        """Raises NoConfiguration."""
        try:
            files = self._files()
        except OSError as error:
            raise NoConfiguration(f"{self._folder} cannot be read: {error.strerror}") from None
        before = [number for number in files if number <= generation]
        if not before:
            there = f"the oldest kept is that of generation {min(files)}" if files else "none is kept"
            raise NoConfiguration(f"the configuration of generation {generation} is not in {self._folder}: {there}")
        first = max(before)
        try:
            return _unpack(first, files[first].read_bytes())
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise NoConfiguration(f"{files[first]} is damaged: {error}") from None

    def _files(self) -> dict[int, Path]:
        """By the first generation, the oldest first."""
        try:
            paths = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return {}
        return {int(path.name[:8]): path for path in sorted(paths)}


def _described(inputs: Inputs) -> bytes:
    """With whole paths: whoever asks later may stand elsewhere."""
    settings = inputs.settings
    geo = {key: str(path.absolute()) for key, path in asdict(settings.geo).items() if path is not None}
    document = {
        "zones": [str(path.absolute()) for path in settings.zones],
        "networks": {name: list(map(str, each)) for name, each in settings.networks.items()},
        "keys": [show(name) for name in settings.keys],
        "geo": geo,
        "database": inputs.atlas.name,
        "digest": inputs.atlas.digest,
    }
    return json.dumps(document).encode()


def _digest(described: bytes, contents: Mapping[Path, bytes]) -> str:
    hash_ = blake2b(described, digest_size=16)
    for path, content in contents.items():
        hash_.update(f"\n{path.name} {len(content)}\n".encode())
        hash_.update(content)
    return hash_.hexdigest()


def _pack(described: bytes, contents: Mapping[Path, bytes]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        archive.writestr(ZipInfo(_SETTINGS), described, ZIP_DEFLATED, _LEVEL)
        for number, (path, content) in enumerate(contents.items()):
            # A folder each: two files may have one name, and that of a master file is its zone's.
            archive.writestr(ZipInfo(f"{number:04d}/{path.name}"), content, ZIP_DEFLATED, _LEVEL)
    return packed.getvalue()


def _unpack(first: int, packed: bytes) -> Configuration:
    with ZipFile(io.BytesIO(packed)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    said = json.loads(contents.pop(_SETTINGS))
    assert all(".." not in PurePosixPath(name).parts for name in contents), "written by us"
    return Configuration(
        first=first,
        contents=contents,
        paths=tuple(map(Path, said["zones"])),
        networks={name: tuple(map(parse_network, each)) for name, each in said["networks"].items()},
        keys={name: Key(name=name, algorithm="", secret=b"") for name in map(parse_name, said.get("keys", ()))},
        geo=GeoPaths(**{key: Path(path) for key, path in said["geo"].items()}),
        digest=said["digest"],
        database=said["database"],
    )
