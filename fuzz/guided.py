"""Runs one target under atheris: coverage of Python lines guides what comes next.

python -m fuzz.guided TARGET [options of libFuzzer] [folders]
"""

import shlex
import sys

import atheris

with atheris.instrument_imports(include=["geodns", "fuzz"]):
    from fuzz.targets import TARGETS


def main() -> None:
    name, *options = sys.argv[1:]
    # libFuzzer starts itself anew to merge, with its first word as it stands, through a shell.
    myself = f"{shlex.quote(sys.executable)} -m fuzz.guided {name}"
    atheris.Setup([myself, *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
