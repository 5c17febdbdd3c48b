"""geodns diff: what an edit does, before it is served."""

import argparse
import json
from pathlib import Path

from geodns.cli.difference import text_of
from geodns.cli.fault import CannotDo
from geodns.cli.offline import edition_of
from geodns.cli.revision import laid_out
from geodns.cli.settings import add_config
from geodns.cli.verbs import Parsers
from geodns.config.problem import ConfigError
from geodns.config.weights import read_counts
from geodns.control.diff import difference, to_json
from geodns.control.weights import Weights, weights_of

_EPILOG = """\
Both are compiled with every member up. Shares are of all routable addresses, or with --weights of the queries measured
there; either way they are exact to the last prefix.
Exit code: 0 where nothing differs, 1 where something does, 2 where the files have problems.

examples:
  geodns diff zones/ /srv/new-zones/
  geodns diff HEAD:zones zones -c geodns.yaml
  geodns diff HEAD:zones zones --weights queries.csv
  geodns diff v1.2:zones/example.com.yaml main:zones/example.com.yaml
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "diff",
        description="Say which names change between two sets of zones, and which share of the address space moves.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", metavar="OLD", help="a zone file, a folder of them, or REVISION:PATH as git has it")
    parser.add_argument("new", metavar="NEW", help="the same after the edit")
    add_config(parser)
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="measured queries, PREFIX COUNT a line: shares are of these then"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with laid_out(args.old) as old, laid_out(args.new) as new:
        found = difference(edition_of(args.config, [old]), edition_of(args.config, [new]), _weights(args.weights))
    print(json.dumps(to_json(found), indent=1) if args.json else text_of(found))
    return 1 if found else 0


def _weights(file: Path | None) -> Weights | None:
    if file is None:
        return None
    try:
        return weights_of(read_counts(file))
    except ConfigError as error:
        raise CannotDo(f"the counts of queries have problems\n{error}") from None
