"""`--weights FILE`: measured queries, of which shares are then told."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from geodns.cli.fault import CannotDo
from geodns.config.problem import ConfigError
from geodns.config.weights import read_counts
from geodns.control.weights import Weights, weights_of


def add_weights(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="measured queries, PREFIX COUNT a line: shares are of these then"
    )


def weights_from(file: Path | None) -> Weights | None:
    """Raises CannotDo with all problems."""
    if file is None:
        return None
    try:
        return weights_of(read_counts(file))
    except ConfigError as error:
        raise CannotDo(f"the counts of queries have problems\n{error}") from None


def measured(queries: Mapping[str, float]) -> str:
    ipv4, ipv6 = (f"{queries[family]:,.0f}" for family in ("ipv4", "ipv6"))
    return f"{ipv4} from IPv4 clients, {ipv6} from IPv6 clients"
