"""geodns schema: what editors complete and check files with."""

import argparse
import json
from collections.abc import Callable

from geodns.cli.verbs import Parsers
from geodns.config.schema import Schema, settings_schema, zone_schema
from geodns.control.inputs import VOCABULARY

SCHEMAS: dict[str, Callable[[], Schema]] = {
    "zone": lambda: zone_schema(VOCABULARY),
    "server": settings_schema,
}

_EPILOG = """\
examples:
  geodns schema zone > zone.schema.json
  geodns schema server > server.schema.json

Editors that speak YAML take the schema from a first line such as
  # yaml-language-server: $schema=../docs/zone.schema.json
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "schema",
        description="Print the JSON Schema of zone files, or of the server's own file geodns.yaml.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("which", nargs="?", choices=SCHEMAS, default="zone", help="zone (default) or server")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    print(schema_text(args.which))
    return 0


def schema_text(which: str) -> str:
    return json.dumps(SCHEMAS[which](), indent=2, ensure_ascii=False)
