"""The verbs there are, in the order of `geodns --help`, and what each one's module has to offer."""

import argparse
from typing import Protocol, TypeAlias

Parsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

# Module of this package → the verbs that it adds, each with its line in --help.
VERBS = {
    "serve": {"serve": "answer queries"},
    "check": {"check": "find what is wrong with zone files"},
    "explain": {"explain": "say why a client gets the answer it gets"},
    "diff": {"diff": "say what an edit changes, and for which share of the clients"},
    "map": {"map": "draw where each answer goes, on a map of the world"},
    "status": {"status": "show what a running geodns serves, and who is up"},
    "override": {
        "drain": "take a member out of the answers, whatever its health",
        "down": "declare a member down, whatever its health",
        "up": "declare a member up, whatever its health",
        "clear": "take drain, down or up back: health decides again",
    },
    "load": {"load": "tell a load that was seen of a pool or a member"},
    "reload": {"reload": "have a running geodns read its files anew"},
    "export": {"export": "write zones as master files, for other servers"},
    "schema": {"schema": "print the JSON Schema of zone files or of geodns.yaml"},
}

NAMES = tuple(verb for verbs in VERBS.values() for verb in verbs)


class Verb(Protocol):
    """A module of VERBS. Its parsers say with set_defaults(run=...) what carries them out and gives the exit code."""

    def add_parser(self, verbs: Parsers) -> None: ...
