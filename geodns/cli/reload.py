"""geodns reload: a running geodns reads its files anew; where they have problems, what it serves goes on."""

import argparse

from geodns.cli.client import Document, Refused, add_endpoint, client_for
from geodns.cli.shapes import Told, problems_of, shaped
from geodns.cli.verbs import Parsers

_EPILOG = """\
Exit code: 0 where the new files are served, 1 where they have problems and the old ones go on.

example:
  geodns check zones/ && geodns reload
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "reload",
        description="Have a running geodns read its files anew, and say what it thinks of them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_endpoint(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        said = client_for(args).ask("POST", "/api/v1/reload")
    except Refused as refused:
        if "problems" not in refused.document:
            raise
        print("\n".join([*_told(refused.document), f"not reloaded: {refused}"]))
        return 1
    print("\n".join([*_told(said), f"generation {said['generation']} is served"]))
    return 0


def _told(document: Document) -> list[str]:
    """`file:line:column: message`, as check prints it."""
    found = shaped(Told, document)
    return [str(each) for each in sorted(problems_of(found.problems) + problems_of(found.warnings, is_warning=True))]
