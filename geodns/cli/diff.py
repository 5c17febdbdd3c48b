"""geodns diff: what an edit does, before it is served."""

import argparse
import json
from pathlib import Path

from geodns.cli.difference import text_of
from geodns.cli.offline import edition_of
from geodns.cli.settings import add_config
from geodns.cli.verbs import Parsers
from geodns.control.diff import difference, to_json

_EPILOG = """\
Both are compiled with every member up. Shares are of all routable addresses, exact to the last prefix.
Exit code: 0 where nothing differs, 1 where something does, 2 where the files have problems.

examples:
  geodns diff zones/ /srv/new-zones/
  git worktree add ../main main && geodns diff ../main/zones zones -c geodns.yaml
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "diff",
        description="Say which names change between two sets of zones, and which share of the address space moves.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="a zone file, or a folder of them")
    parser.add_argument("new", type=Path, metavar="NEW", help="the same after the edit")
    add_config(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    found = difference(edition_of(args.config, [args.old]), edition_of(args.config, [args.new]))
    print(json.dumps(to_json(found), indent=1) if args.json else text_of(found))
    return 1 if found else 0
