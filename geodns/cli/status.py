"""geodns status: what a running geodns serves, and who is up."""

import argparse
import json
import os
import sys
from collections.abc import Iterable

from geodns.cli.client import Client, add_endpoint, client_for
from geodns.cli.glance import status_text
from geodns.cli.paint import Paint
from geodns.cli.shapes import MemberRow, Members, PoolRow, Status, shaped
from geodns.cli.verbs import Parsers

_EPILOG = """\
Colours are for terminals only; NO_COLOR=1 turns them off.

examples:
  geodns status
  geodns status --admin https://ns1.example.com:8053 --json
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "status",
        description="Show what a running geodns serves: generation, troubles, workers, database, and who is up.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_endpoint(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    client = client_for(args)
    document = client.ask("GET", "/api/v1/status")
    if args.json:
        print(json.dumps(document, indent=1))
        return 0

    def members_of(row: PoolRow) -> Iterable[MemberRow]:
        return ask_members(client, row.zone, row.pool)

    print(status_text(shaped(Status, document), members_of, Paint(sys.stdout, os.environ)))
    return 0


def ask_members(client: Client, zone: str, pool: str) -> Iterable[MemberRow]:
    return shaped(Members, client.ask("GET", f"{client.path('zones', zone, 'pools', pool)}/members")).members
