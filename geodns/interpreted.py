"""Runs the Python lines even where they have been compiled: for a debugger, a profiler, and the tests of both speeds.

GEODNS_SPEED=interpreted geodns serve zones/
"""

import sys
from collections.abc import Sequence
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType

VARIABLE = "GEODNS_SPEED"
INTERPRETED = "interpreted"
_PREFIX = "geodns."


class SourcesOnly:
    """A finder for sys.meta_path: takes the package's `.py` files and passes over the extensions beside them.

    No importlib.abc.MetaPathFinder, as importing that would take longer than all else that is imported here.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(_PREFIX):
            return None
        for folder in path or ():
            spec = FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(fullname)
            if spec is not None:
                return spec
        # To return None would have the extension found after all.
        raise ModuleNotFoundError(f"{fullname} is there compiled only, and {VARIABLE} is {INTERPRETED}", name=fullname)


def obey(wanted: str) -> None:
    """What the environment variable says. Raises SystemExit, with a sentence, on a word that is none of its values."""
    if wanted == INTERPRETED:
        sys.meta_path.insert(0, SourcesOnly())
    elif wanted:
        sys.exit(f"{VARIABLE}={wanted}: the only value is {INTERPRETED}; without it the compiled lines run where built")
