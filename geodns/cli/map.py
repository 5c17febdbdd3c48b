"""geodns map: where each answer goes, as a picture of the world, or as text."""

import argparse
import json
import sys
from pathlib import Path

from geodns.cli.client import add_endpoint, client_for
from geodns.cli.fault import CannotDo
from geodns.cli.moments import add_at, in_query
from geodns.cli.offline import inputs_of
from geodns.cli.picture import picture
from geodns.cli.raster import png_of, rasterizer
from geodns.cli.reached import text_of
from geodns.cli.settings import add_config
from geodns.cli.shapes import shaped
from geodns.cli.verbs import Parsers
from geodns.cli.weighing import add_weights, weights_from
from geodns.control.reach import Reach, reach
from geodns.model.pool import Family

_EPILOG = """\
Without --zones and -c a running geodns is asked: the map has its health and overrides. With either the files are read
as they are, with every member up. --down takes further ones out.
Shares are of the addresses that the database places in a country, or with --weights of the queries measured there;
either way they are exact to the last prefix.

examples:
  geodns map www.example.com --zones zones/ -o www.svg
  geodns map www.example.com AAAA --zones zones/ --down eu us/iad1 -o without-eu.svg
  geodns map www.example.com -c geodns.yaml --table
  geodns map www.example.com -c geodns.yaml --weights queries.csv --table
  geodns map www.example.com --png now.png
  geodns map www.example.com --admin https://ns1.example.com:8053 --table
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
    add_endpoint(parser)
    parser.add_argument(
        "--down", nargs="+", default=[], metavar="POOL", help="suppose that these pools, or POOL/MEMBERs, are down"
    )
    add_at(parser)
    add_weights(parser)
    parser.add_argument("--ipv6", action="store_true", help="colour by IPv6 clients instead of IPv4 clients")
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="write to this file")
    parser.add_argument("--png", type=Path, metavar="FILE", help="draw this PNG; needs pip install 'geodns[png]'")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--table", action="store_true", help="print text: country, pool, shares")
    form.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    asked = args.out or args.table or args.json
    if not (asked or args.png) and sys.stdout.isatty():
        raise CannotDo("a picture is nothing for a terminal: name a file with -o FILE.svg, or ask for --table")
    if args.png:
        rasterizer()
    found = _from_files(args) if args.zones or args.config else _from_server(args)
    first = Family.IPV6 if args.ipv6 else Family.IPV4
    if args.png:
        _write(args.png, png_of(picture(found, first)))
    if asked or not args.png:
        _give(_form(args, found, first), args.out)
    return 0


def _from_files(args: argparse.Namespace) -> Reach:
    weights = weights_from(args.weights)
    inputs = inputs_of(args.config, args.zones)
    try:
        return reach(inputs, args.name, args.type, args.down, weights=weights, at=args.at)
    except ValueError as error:
        raise CannotDo(str(error)) from None


def _from_server(args: argparse.Namespace) -> Reach:
    if args.weights is not None:
        raise CannotDo("--weights is for files: name them with --zones, or geodns.yaml with -c")
    query = {"name": args.name, "type": args.type}
    query |= {"down": ",".join(args.down)} if args.down else {}
    query |= in_query(args.at)
    return shaped(Reach, client_for(args).ask("GET", "/api/v1/map", query))


def _form(args: argparse.Namespace, found: Reach, first: Family) -> str:
    if args.json:
        return json.dumps(found.to_json(), indent=1) + "\n"
    return text_of(found, first) + "\n" if args.table else picture(found, first)


def _give(text: str, file: Path | None) -> None:
    if file is None:
        sys.stdout.write(text)
        return
    _write(file, text.encode())


def _write(file: Path, octets: bytes) -> None:
    try:
        file.write_bytes(octets)
    except OSError as error:
        raise CannotDo(f"{file} cannot be written: {error.strerror}") from None
