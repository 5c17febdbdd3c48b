"""geodns export: zones as RFC 1035 master files, for servers that know nothing of policies."""

import argparse
import sys
import time
from pathlib import Path

from geodns.cli.fault import CannotDo
from geodns.cli.progress import Progress
from geodns.cli.settings import add_config, problems_told, settings_for
from geodns.cli.verbs import Parsers
from geodns.cli.wording import counted
from geodns.config.master import write_master
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from geodns.model.zone import Zone

_EPILOG = """\
A name that a policy answers for has no place in a master file; a comment says that it was left out.
Where a zone sets no serial, the time in seconds is taken.

examples:
  geodns export zones/example.com.yaml                  to the terminal
  geodns export zones/ --out /etc/nsd/zones             example.com.zone and its like
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "export",
        description="Write zones as RFC 1035 master files, for other servers.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("zones", nargs="+", type=Path, metavar="ZONES", help="zone files, or folders of them")
    add_config(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write a file a zone into this folder")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    serial = int(time.time()) & 0xFFFFFFFF
    for zone in _zones(args.config, args.zones):
        text = write_master(zone, serial)
        if args.out is None:
            print(text, end="")
        else:
            print(_write(args.out, zone, text))
        if zone.steered:
            names = counted(len(zone.steered), "name")
            print(f"{zone}: {names} left out, for policies answer for them", file=sys.stderr)
    return 0


def _zones(config: Path | None, paths: list[Path]) -> tuple[Zone, ...]:
    with problems_told(), Progress() as progress:
        settings = settings_for(config, paths)
        return load(
            settings.zones,
            VOCABULARY,
            settings.acquaintances(),
            progress=lambda done, total: progress("zones", done, total),
        ).zones


def _write(folder: Path, zone: Zone, text: str) -> Path:
    path = folder / file_name(zone)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotDo(f"{path} cannot be written: {error.strerror}") from None
    return path


def file_name(zone: Zone) -> str:
    """`example.com.zone`. Reverse zones may have a slash in their names (RFC 2317)."""
    return f"{str(zone)[:-1].replace('/', '_') or 'root'}.zone"
