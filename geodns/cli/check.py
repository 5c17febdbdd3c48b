"""geodns check: everything that a reload would complain of, and what most likely was not meant."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geodns.admin.problems import errors, warnings
from geodns.cli.offline import compiled, read
from geodns.cli.progress import Progress
from geodns.cli.settings import add_config, settings_for
from geodns.cli.verbs import Parsers
from geodns.cli.wording import counted
from geodns.config.problem import ConfigError, Problem
from geodns.control.certificates import certificate_problems
from geodns.control.inputs import Inputs
from geodns.model.zone import Zone

_EPILOG = """\
Reads the files as `geodns serve` would, runs the zones' own tests, and compiles in memory.
Exit code: 0 where the files can be served, 1 where they cannot (with --strict: on warnings too).

examples:
  geodns check zones/
  geodns check -c geodns.yaml                its zones, with its networks and databases
  geodns check zones/example.com.yaml --strict --json
"""


def add_parser(verbs: Parsers) -> None:
    parser = verbs.add_parser(
        "check",
        description="Find what is wrong with zone files, each problem with its file, line and column.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("zones", nargs="*", type=Path, metavar="ZONES", help="zone files, or folders of them")
    add_config(parser)
    parser.add_argument("--strict", action="store_true", help="exit with 1 on warnings too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Sorted by place. There are no zones where there are problems."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    zones: tuple[Zone, ...] = ()


def run(args: argparse.Namespace) -> int:
    with Progress() as progress:
        found = examine(args.config, args.zones, progress)
    print(json.dumps(_document(found), indent=1) if args.json else _text(found))
    return 1 if found.problems or (args.strict and found.warnings) else 0


def examine(config: Path | None, zones: list[Path], progress: Progress) -> Findings:
    """Raises CannotDo where there is nothing to examine."""
    try:
        settings = settings_for(config, zones)
    except ConfigError as error:
        return _findings(error.problems)
    certificate = certificate_problems(settings, time.time())
    try:
        inputs = read(settings, progress)
    except ConfigError as error:
        return _findings((*certificate, *error.problems))
    return _findings((*certificate, *inputs.warnings, *faults(inputs, progress)), inputs.zones)


def _findings(told: Sequence[Problem], zones: tuple[Zone, ...] = ()) -> Findings:
    problems = tuple(sorted(each for each in told if not each.is_warning))
    warnings = tuple(sorted(each for each in told if each.is_warning))
    return Findings(problems=problems, warnings=warnings, zones=() if problems else zones)


def faults(inputs: Inputs, progress: Progress) -> list[Problem]:
    """What cannot be compiled: that is a fault of ours, but the reload would fail, so it is told like any problem."""
    error = _compile(inputs, progress)
    if error is None:
        return []
    alone = [(zone, _compile(replace(inputs, zones=(zone,)), progress)) for zone in inputs.zones]
    culprits = [(zone, why) for zone, why in alone if why] or [(inputs.zones[0], error)]
    return [
        Problem(zone.source, f"{zone} cannot be compiled: {why!r}; this is a fault in geodns, please report it")
        for zone, why in culprits
    ]


def _compile(inputs: Inputs, progress: Progress) -> Exception | None:
    try:
        compiled(inputs, progress)
    except Exception as error:
        return error
    return None


def _text(found: Findings) -> str:
    outcome = f"{counted(len(found.problems), 'problem')}, {counted(len(found.warnings), 'warning')}"
    extent = f"{_extent(found.zones)}: " if found.zones else ""
    return "\n".join([*map(str, sorted((*found.problems, *found.warnings))), f"{extent}{outcome}"])


def _extent(zones: Sequence[Zone]) -> str:
    counts = _counts(zones)
    return (
        f"{counted(counts['zones'], 'zone')}, {counted(counts['names'], 'name')},"
        f" {counted(counts['policies'], 'policy', 'policies')}"
    )


def _counts(zones: Sequence[Zone]) -> dict[str, int]:
    """Names that hold something; a `pool:` in a record is a policy too."""
    return {
        "zones": len(zones),
        "names": sum(len({*zone.steered, *(rrset.owner for rrset in zone.rrsets)}) for zone in zones),
        "policies": sum(len(zone.policies) for zone in zones),
    }


def _document(found: Findings) -> dict[str, object]:
    return {"problems": errors(found.problems), "warnings": warnings(found.warnings), **_counts(found.zones)}
