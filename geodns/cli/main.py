"""The command `geodns`: finds the verb and runs it.

Exit codes: 0, done; 1, the verb's answer is no (problems, differences); 2, it could not be carried out.
Only the module of the verb that was asked for is imported, so that `geodns --help` need not wait for the others.
"""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import cast

from geodns import __version__
from geodns.cli.fault import COULD_NOT, CannotDo
from geodns.cli.verbs import NAMES, VERBS, Verb

_EPILOG = """\
examples:
  geodns serve zones/                                   answer on 127.0.0.1:5300
  geodns check zones/                                   before every commit
  geodns explain www.example.com --from 192.0.2.1       why this answer?
  geodns drain example.com/eu/fra1 --for 2h             maintenance

'geodns VERB --help' says more about a verb.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code; raises SystemExit as argparse does, for --help and for wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    verb = words[0] if words else ""
    parser = make_parser(verb)
    if not words:
        parser.print_help(sys.stderr)
        return COULD_NOT
    if not verb.startswith("-") and verb not in NAMES:
        parser.error(f"there is no verb '{verb}'{_hint(verb)}")
    return _run(parser.parse_args(words))


def make_parser(verb: str = "") -> argparse.ArgumentParser:
    """Knows the options of `verb`, and of the other verbs their names only."""
    parser = argparse.ArgumentParser(
        prog="geodns",
        description="An authoritative DNS load balancer with geo scheduling.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="show version, speed and where the geo data is from"
    )
    parsers = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    for module, verbs in VERBS.items():
        if verb in verbs:
            cast(Verb, import_module(f"geodns.cli.{module}")).add_parser(parsers)
            continue
        for name, summary in verbs.items():
            parsers.add_parser(name, help=summary)
    return parser


def _run(args: argparse.Namespace) -> int:
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except CannotDo as fault:
        print(f"geodns {args.verb}: {fault}", file=sys.stderr)
        return COULD_NOT
    except BrokenPipeError:
        # Who read our output has read enough (`| head`). Python flushes once more at its end: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COULD_NOT
    except KeyboardInterrupt:
        return 130
    return code


def _hint(verb: str) -> str:
    close = get_close_matches(verb.lower(), NAMES, 1)
    return f"; did you mean '{close[0]}'?" if close else f"; known: {', '.join(NAMES)}"


class _Version(argparse.Action):
    """Reads the embedded database's label only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from geodns.answer.speed import SPEED
        from geodns.geo import centroids, embedded

        print(f"geodns {__version__} ({SPEED}), Python {platform.python_version()}")
        print(f"{embedded.ATTRIBUTION}\n{centroids.ATTRIBUTION}")
        parser.exit()
