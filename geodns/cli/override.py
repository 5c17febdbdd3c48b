"""geodns drain, down, up and clear: what operators say of a member goes before its health."""

import argparse
import os
import sys
from collections.abc import Mapping

from geodns.cli.arguments import argument, duration
from geodns.cli.client import Client, add_endpoint, client_for
from geodns.cli.fault import CannotDo
from geodns.cli.glance import pool_text
from geodns.cli.paint import Paint
from geodns.cli.shapes import ZoneDetail, shaped
from geodns.cli.status import ask_members
from geodns.cli.verbs import Parsers

_DESCRIPTIONS = {
    "drain": "Take a member out of the answers, whatever its health. Clients that know its address may go on using it.",
    "down": "Declare a member down: it gets no answers, whatever its health, not even where all else has failed.",
    "up": "Declare a member up: it gets answers, whatever its health.",
    "clear": "Take back what was said with drain, down or up: health, and the zone file, decide again.",
}

_KEPT = "It holds over reloads and restarts, until --for is over or geodns clear takes it back."


def add_parser(verbs: Parsers) -> None:
    for verb, description in _DESCRIPTIONS.items():
        parser = verbs.add_parser(
            verb,
            description=description if verb == "clear" else f"{description} {_KEPT}",
            epilog=f"example:\n  {_example(verb)}\n",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("member", type=_member, metavar="ZONE/POOL/MEMBER", help="such as example.com/eu/fra1")
        if verb != "clear":
            parser.add_argument("--reason", type=_reason, default=_by_hand(os.environ), metavar="TEXT", help="why")
            parser.add_argument(
                "--for",
                dest="lasts",
                type=duration,
                metavar="TIME",
                help="how long, such as 30m or 2h (default: stays)",
            )
        add_endpoint(parser)
        parser.set_defaults(run=run)


def _example(verb: str) -> str:
    options = "" if verb == "clear" else ' --reason "new kernel" --for 2h'
    return f"geodns {verb} example.com/eu/fra1{options}"


@argument
def _member(text: str) -> tuple[str, str, str]:
    """The zone may have slashes in its name (RFC 2317); pools and members have none."""
    zone, pool, member = (*text.rsplit("/", 2), "", "")[:3]
    if not (zone and pool and member):
        raise ValueError(f"'{text}' names no member; write ZONE/POOL/MEMBER, as in example.com/eu/fra1")
    return zone, pool, member


@argument
def _reason(text: str) -> str:
    if not text.strip():
        raise ValueError("the reason is empty; say in a few words why, for whoever comes after you")
    return text


def _by_hand(environment: Mapping[str, str]) -> str:
    user = environment.get("USER") or environment.get("LOGNAME")
    return f"by hand ({user})" if user else "by hand"


def run(args: argparse.Namespace) -> int:
    """Prints the pool as it is then."""
    zone, pool, member = args.member
    client = client_for(args)
    path = f"{client.path('zones', zone, 'pools', pool, 'members', member)}/override"
    if args.verb == "clear":
        said = client.ask("DELETE", path)
    else:
        wish = {"state": args.verb, "reason": args.reason, "expires": args.lasts}
        said = client.ask("PUT", path, said={key: value for key, value in wish.items() if value is not None})
    if said.get("member") is None:
        print(f"taken back; the configuration has no member {pool}/{member} in {zone} now")
    else:
        print(_pool_now(client, zone, pool))
    return 0


def _pool_now(client: Client, zone: str, pool: str) -> str:
    pools = shaped(ZoneDetail, client.ask("GET", client.path("zones", zone))).pools
    row = next((each for each in pools if each.pool == pool), None)
    if row is None:
        raise CannotDo(f"done, but meanwhile a reload has removed the pool {pool} from {zone}")
    return pool_text(row, ask_members(client, zone, pool), Paint(sys.stdout, os.environ))
