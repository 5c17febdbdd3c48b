"""geodns diff: what an edit does, before it is served."""

import argparse
import json
from pathlib import Path

from geodns.cli.difference import text_of
from geodns.cli.moments import add_at
from geodns.cli.offline import edition_from
from geodns.cli.settings import add_config
from geodns.cli.sides import SERVED, Side, sides
from geodns.cli.verbs import Parsers
from geodns.cli.weighing import add_weights, weights_from
from geodns.control.diff import difference, to_json
from geodns.control.edition import Edition

_EPILOG = """\
Both are compiled with every member up, and without --at outside of time: no schedule runs. Shares are of all routable
addresses, or with --weights of the queries measured there; either way they are exact to the last prefix.
Exit code: 0 where nothing differs, 1 where something does, 2 where the files have problems.

examples:
  geodns diff zones/ /srv/new-zones/
  geodns diff HEAD:zones zones -c geodns.yaml
  geodns diff HEAD:zones zones --weights queries.csv
  geodns diff -c geodns.yaml
  geodns diff generation:41 generation:42 --state /var/lib/geodns
  geodns diff generation:42 zones/ -c geodns.yaml
  geodns diff v1.2:zones/example.com.yaml main:zones/example.com.yaml
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "diff",
        description="Say which names change between two sets of zones, and which share of the address space moves.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "old",
        metavar="OLD",
        nargs="?",
        help="a zone file, a folder of them, REVISION:PATH as git has it, or generation:N; by default what is served",
    )
    parser.add_argument(
        "new",
        metavar="NEW",
        nargs="?",
        help="the same after the edit; by default the files that are served, as they are",
    )
    add_config(parser)
    parser.add_argument("--state", type=Path, metavar="FOLDER", help="the state folder, for generations")
    add_at(parser)
    add_weights(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    weights = weights_from(args.weights)
    # One alone is the new one; the old one is then what is served.
    alone = args.new is None and args.old is not None and not args.old.startswith("generation:")
    old, new = (SERVED, args.old) if alone else (args.old or SERVED, args.new)
    with sides(old, new, args.config, args.state) as (before, after):
        found = difference(_compiled(before, args.at), _compiled(after, args.at), weights)
    print(json.dumps(to_json(found), indent=1) if args.json else text_of(found))
    return 1 if found else 0


def _compiled(side: Side, at: float | None) -> Edition:
    edition = edition_from(side.settings, at)
    side.remark(edition.inputs.atlas)
    return edition
