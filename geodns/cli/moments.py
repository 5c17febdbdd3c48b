"""`--at`: what would be, at another time."""

import argparse
from datetime import UTC, datetime

from geodns.cli.arguments import argument
from geodns.config.schedules import parse_moment

_MOMENT = argument(parse_moment)


def add_at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=_MOMENT, metavar="TIME", help="suppose that it is 2026-12-24T18:00 (UTC)")


def in_query(at: float | None) -> dict[str, str]:
    """As the admin endpoint is asked for it."""
    return {} if at is None else {"at": datetime.fromtimestamp(at, UTC).isoformat()}
