"""geodns map: where each answer goes, as a picture of the world, or as text."""

import argparse
import json
import sys
from pathlib import Path

from geodns.cli.fault import CannotDo
from geodns.cli.offline import inputs_of
from geodns.cli.picture import picture
from geodns.cli.reached import attributions, text_of
from geodns.cli.settings import add_config
from geodns.cli.verbs import Parsers
from geodns.control.reach import Reach, reach
from geodns.model.pool import Family

_EPILOG = """\
The files are read as they are, with every member up but those that --down names; no running geodns is asked.
Shares are of the addresses that the database places in a country, exact to the last prefix.

examples:
  geodns map www.example.com --zones zones/ -o www.svg
  geodns map www.example.com AAAA --zones zones/ --down eu us/iad1 -o without-eu.svg
  geodns map www.example.com -c geodns.yaml --table
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "map",
        description="Draw where each answer goes: a map of the world, each country coloured by the pool that answers.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="a name that a policy answers for")
    parser.add_argument("type", metavar="TYPE", nargs="?", default="A", help="A or AAAA (default: A)")
    parser.add_argument(
        "--zones", nargs="+", type=Path, default=[], metavar="PATH", help="zone files, or folders of them"
    )
    add_config(parser)
    parser.add_argument(
        "--down", nargs="+", default=[], metavar="POOL", help="suppose that these pools, or POOL/MEMBERs, are down"
    )
    parser.add_argument("--ipv6", action="store_true", help="colour by IPv6 clients instead of IPv4 clients")
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="write to this file")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--table", action="store_true", help="print text: country, pool, shares")
    form.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if not (args.out or args.table or args.json) and sys.stdout.isatty():
        raise CannotDo("a picture is nothing for a terminal: name a file with -o FILE.svg, or ask for --table")
    inputs = inputs_of(args.config, args.zones)
    try:
        found = reach(inputs, args.name, args.type, args.down)
    except ValueError as error:
        raise CannotDo(str(error)) from None
    _give(_form(args, found), args.out)
    return 0


def _form(args: argparse.Namespace, found: Reach) -> str:
    first = Family.IPV6 if args.ipv6 else Family.IPV4
    if args.json:
        return json.dumps({**found.to_json(), "attribution": attributions(found)}, indent=1) + "\n"
    return text_of(found, first) + "\n" if args.table else picture(found, first)


def _give(text: str, file: Path | None) -> None:
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotDo(f"{file} cannot be written: {error.strerror}") from None
