"""geodns load: a load that somebody has seen of a pool or a member, told to a running geodns."""

import argparse

from geodns.cli.arguments import argument, duration
from geodns.cli.client import add_endpoint, client_for
from geodns.cli.load_text import amount
from geodns.cli.verbs import Parsers

_EPILOG = """\
examples:
  geodns load example.com/eu 9000
  geodns load example.com/eu/fra1 0.75 --for 5m
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "load",
        description="Tell the load of a pool or a member, as you have seen it. For a time it goes before what probes "
        "report; what the pool then keeps follows with its next step.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", type=_target, metavar="ZONE/POOL[/MEMBER]", help="such as example.com/eu")
    parser.add_argument("load", type=_load, metavar="LOAD", help="a number, in what the targets are in")
    parser.add_argument("--for", dest="lasts", type=duration, metavar="TIME", help="how long it counts (default: 60s)")
    add_endpoint(parser)
    parser.set_defaults(run=run)


_WAY_OUT = "give the pool load: {target: 8000}, or choose from it by least_load"


@argument
def _target(text: str) -> tuple[str, ...]:
    """Zone and pool, or these and a member. A zone with slashes in its name is named with a member."""
    parts = tuple(text.rsplit("/", 2))
    if len(parts) < 2 or not all(parts):
        raise ValueError(f"'{text}' names no pool; write ZONE/POOL, as in example.com/eu")
    return parts


@argument
def _load(text: str) -> float:
    try:
        load = float(text)
    except ValueError:
        load = -1.0
    if not 0 <= load < 1e15:
        raise ValueError(f"'{text}' is no load; write a number from 0 on")
    return load


def run(args: argparse.Namespace) -> int:
    zone, pool, *member = args.target
    client = client_for(args)
    path = client.path("zones", zone, "pools", pool, *(("members", *member) if member else ()), "load")
    expires = {"expires": args.lasts} if args.lasts else {}
    said = client.ask("PUT", path, said={"load": args.load, **expires})
    idle = "" if said.get("matters") else f"; nothing follows from it: {_WAY_OUT}"
    print(f"{'/'.join(args.target)} has a load of {amount(args.load)}, until {said.get('expires')}{idle}")
    return 0
