"""geodns explain: why a client gets this answer, asked of a running geodns, or of files."""

import argparse
import json
import time
from collections.abc import Mapping
from pathlib import Path

from geodns.cli.arguments import argument
from geodns.cli.client import add_endpoint, client_for
from geodns.cli.explanation import text_of
from geodns.cli.fault import CannotDo
from geodns.cli.moments import add_at, in_query
from geodns.cli.offline import edition_of
from geodns.cli.settings import add_config
from geodns.cli.verbs import Parsers
from geodns.config.networks import parse_address
from geodns.config.places import parse_place
from geodns.control.explain import explain
from geodns.control.supposing import Supposition, parse_loads

_ADDRESS, _PLACE = argument(parse_address), argument(parse_place)

_EPILOG = """\
Without --zones a running geodns is asked, and what it says is what it does: health and overrides included.
With --zones the files are compiled in memory, with every member up.

examples:
  geodns explain www.example.com --from 81.2.69.160
  geodns explain www.example.com AAAA --from 2001:db8::1 --json
  geodns explain www.example.com --from 81.2.69.160 --zones zones/ -c geodns.yaml
  geodns explain www.example.com --from 10.1.2.3 --resolver 9.9.9.9
  geodns explain www.example.com --place EU/FR --down eu us/iad1
  geodns explain www.example.com --place EU/FR --at 2026-12-24T18:00+01:00
  geodns explain www.example.com --place EU/FR --load eu=12000
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "explain",
        description="Say why a client gets the answer it gets: rule, route, pools passed over, shares, TTL and scope.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="the name that is asked for")
    parser.add_argument("type", metavar="TYPE", nargs="?", default="A", help="the record type (default: A)")
    client = parser.add_mutually_exclusive_group(required=True)
    client.add_argument("--from", dest="client", type=_ADDRESS, metavar="IP", help="the client's address")
    client.add_argument("--place", type=_PLACE, metavar="PLACE", help="instead: any address there, such as EU/FR")
    parser.add_argument("--resolver", type=_ADDRESS, metavar="IP", help="who asks for the client; by default itself")
    parser.add_argument(
        "--down", nargs="+", default=[], metavar="POOL", help="suppose these pools or pool/members down"
    )
    add_at(parser)
    parser.add_argument(
        "--load",
        action="append",
        default=[],
        metavar="POOL=LOAD",
        help="suppose that the pool or pool/member would have this load, did it keep all; may be repeated",
    )
    parser.add_argument("--zones", nargs="+", type=Path, default=[], metavar="PATH", help="ask these files instead")
    add_config(parser)
    add_endpoint(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    document = _from_files(args) if args.zones else _from_server(args)
    print(json.dumps(document, indent=1) if args.json else text_of(document))
    return 0


def _from_files(args: argparse.Namespace) -> Mapping[str, object]:
    edition = edition_of(args.config, args.zones, time.time())
    try:
        client, resolver = args.client or args.place, args.resolver
        supposition = Supposition(down=frozenset(args.down), loads=parse_loads(args.load), at=args.at)
        return explain(edition, args.name, args.type, client, 0, supposition, resolver=resolver).to_json()
    except ValueError as error:
        raise CannotDo(str(error)) from None


def _from_server(args: argparse.Namespace) -> Mapping[str, object]:
    if args.config is not None:
        raise CannotDo("-c is for --zones; a running geodns has its own settings")
    query = {"name": args.name, "type": args.type}
    query |= {"from": str(args.client)} if args.client else {"place": str(args.place)}
    query |= {"resolver": str(args.resolver)} if args.resolver else {}
    query |= {"down": ",".join(args.down)} if args.down else {}
    query |= in_query(args.at)
    query |= {"load": ",".join(args.load)} if args.load else {}
    return client_for(args).ask("GET", "/api/v1/explain", query)
