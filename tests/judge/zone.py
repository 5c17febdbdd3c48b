"""The shared zone. Its part with DNAMEs is there as soon as geodns knows DNAME."""

from functools import cache
from pathlib import Path

from geodns.config.master import parse_master
from tests.world import Client, table_of

NAME = "corners.example"
_FOLDER = Path(__file__).parent
_TRIAL = "@ 60 SOA ns hostmaster 1 1 1 1 60\n@ 60 NS ns\ntree 60 DNAME target\nwww.target 60 A 192.0.2.1\n"


def master() -> str:
    parts = ["corners.zone", *(["dnames.zone"] if has_dname() else [])]
    return "".join((_FOLDER / part).read_text(encoding="utf-8") for part in parts)


@cache
def has_dname() -> bool:
    zone = parse_master(_TRIAL.encode(), "trial", "trial.example")
    return len(Client(table_of([zone])).ask("www.tree.trial.example").answer) == 3
