"""The two sides of a diff: files, a revision of git, or what a generation was made from → settings to read each by."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from geodns.cli.fault import CannotDo
from geodns.cli.revision import laid_out
from geodns.cli.settings import problems_told, settings_for
from geodns.config.server import Settings
from geodns.control.configurations import Configuration, Configurations, NoConfiguration
from geodns.control.folder import default_folder
from geodns.geo.atlas import Atlas
from geodns.table.store import Store

SERVED = "generation:served"
_GENERATION = re.compile(r"generation:([0-9]{1,8}|served)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Side:
    """`generation`: what it was made from, None for files. `label`: as it was asked for."""

    label: str
    settings: Settings
    configuration: Configuration | None = None

    def remark(self, atlas: Atlas) -> None:
        """Databases are not kept with generations: if it was another one, that is said."""
        before = self.configuration
        if before is not None and before.digest != atlas.digest:
            print(
                f"note: {self.label} had the database {before.database}, which is not there any more; "
                f"clients are placed by {atlas.name}",
                file=sys.stderr,
            )


@contextmanager
def sides(old: str, new: str | None, config: Path | None, state: Path | None) -> Iterator[tuple[Side, Side]]:
    """`new` None: the files that are served, as they are now. What `config` does not say, the generation does.

    Raises CannotDo.
    """
    kept = _kept(old, new, config, state)
    with laid_out_side(old, config, kept) as before, laid_out_side(new, config, kept) as after:
        yield before, after


@contextmanager
def laid_out_side(text: str | None, config: Path | None, kept: dict[str, Configuration]) -> Iterator[Side]:
    """For as long as it is read."""
    if text in kept:
        with TemporaryDirectory(prefix="geodns-diff-") as folder:
            configuration = kept[text]
            settings = configuration.settings(Path(folder))
            geo = _settings(config, []).geo if config is not None else settings.geo
            yield Side(_label(text, configuration), replace(settings, geo=geo), configuration)
        return
    beside = next(reversed(kept.values()), None)
    if text is None:
        yield Side("the files", _like(config, beside, list(beside.paths) if beside and config is None else []))
        return
    with laid_out(text) as path:
        yield Side(text, _like(config, beside, [path]))


def _like(config: Path | None, beside: Configuration | None, zones: list[Path]) -> Settings:
    if config is not None or beside is None:
        return _settings(config, zones)
    return Settings(zones=tuple(zones), networks=beside.networks, keys=beside.keys, geo=beside.geo)


def _settings(config: Path | None, zones: list[Path]) -> Settings:
    with problems_told():
        return settings_for(config, zones)


def _label(text: str, configuration: Configuration) -> str:
    return f"{text} (configuration of generation {configuration.first})"


# ── generations ───────────────────────────────────────────────────────────────────────────────────────────────────


def _kept(old: str, new: str | None, config: Path | None, state: Path | None) -> dict[str, Configuration]:
    """The configurations of those that are generations, the older side first."""
    named = [text for text in (old, new) if text is not None and _GENERATION.fullmatch(text)]
    for text in (old, new):
        if text is not None and text.startswith("generation:") and text not in named:
            raise CannotDo(f"'{text}' is no generation; write generation:42 or {SERVED}")
    if not named:
        return {}
    paths = [Path(text) for text in (old, new) if text is not None and text not in named]
    folder = state or _state(config, paths)
    try:
        return {text: Configurations(folder).of(_number(text, folder)) for text in named}
    except NoConfiguration as error:
        raise CannotDo(f"{error}; name another state folder with --state") from None


def _number(text: str, folder: Path) -> int:
    number = text.partition(":")[2]
    if number != "served":
        return int(number)
    newest = next(iter(Store(folder).numbers()), None)
    if newest is None:
        raise CannotDo(f"there is no generation in {folder}; name the state folder of a running geodns with --state")
    return newest


def _state(config: Path | None, paths: list[Path]) -> Path:
    """As `serve` finds it."""
    settings = _settings(config, []) if config is not None else Settings()
    served = config or (paths[0] if paths else None)
    if settings.state is None and served is None:
        raise CannotDo("generations are in the state folder: name it with --state, or geodns.yaml with -c")
    return settings.state or default_folder(os.environ, served or Path())
