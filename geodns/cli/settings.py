"""The settings a verb works with: geodns.yaml, and over it what the command line says."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from geodns.cli.fault import CannotDo
from geodns.config.problem import ConfigError
from geodns.config.server import Settings, load_settings


def add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-c", "--config", type=Path, metavar="FILE", help="the server's own file, geodns.yaml")


def settings_for(config: Path | None, zones: list[Path]) -> Settings:
    """`zones`, where there are any, replace those of the file. Raises ConfigError."""
    settings = load_settings(config)
    return replace(settings, zones=tuple(zones)) if zones else settings


@contextmanager
def problems_told() -> Iterator[None]:
    """For verbs that can do nothing with files that have problems. Raises CannotDo with all of them."""
    try:
        yield
    except ConfigError as error:
        raise CannotDo(f"the files have problems\n{error}") from None
