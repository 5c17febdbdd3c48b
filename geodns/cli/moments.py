"""`--at`: what would be, at another time."""

import argparse
from datetime import UTC, datetime

from geodns.config.schedules import parse_moment


def add_at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=_moment, metavar="TIME", help="suppose that it is 2026-12-24T18:00 (UTC)")


def in_query(at: float | None) -> dict[str, str]:
    """As the admin endpoint is asked for it."""
    return {} if at is None else {"at": datetime.fromtimestamp(at, UTC).isoformat()}


def _moment(text: str) -> float:
    try:
        return parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
