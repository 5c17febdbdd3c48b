"""The extensions: every module with a `.pxd` beside it, and every `.pyx`, is compiled; either all of them or none.

Without a C compiler the install goes on, and the same lines run interpreted (`geodns --version` says which). In the
environment, for those who build:

    GEODNS_EXTENSIONS=no         build none
    GEODNS_EXTENSIONS=required   fail where they cannot be built
    GEODNS_SANITIZE=yes          with AddressSanitizer and UndefinedBehaviorSanitizer, for `make sanitize`
    GEODNS_SANITIZE=fuzz         and with what libFuzzer sees coverage by, for `make fuzz`; needs clang
"""

import os
import sys
from pathlib import Path
from runpy import run_path

from Cython.Build import cythonize
from Cython.Compiler import Options
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CCompilerError

# Constants may be made of others, and a build need not have the sources in its path.
sys.path.insert(0, str(Path(__file__).parent))
# A view is passed as a structure with room for fewer dimensions than this; ours have one.
Options.buffer_max_dims = 2

WANTED = os.environ.get("GEODNS_EXTENSIONS", "optional")
SANITIZE = os.environ.get("GEODNS_SANITIZE", "no")
BUILT = Path("build/cython")

OPTIMIZE = [
    *("-O3", "-fno-plt", "-fvisibility=hidden"),
    # A view is 64 octets by value: functions that are called from one place are better off inside it.
    *("--param=max-inline-insns-auto=200", "--param=inline-unit-growth=300", "--param=large-function-growth=600"),
]
CHECKED = ["-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
COVERED = ["-fsanitize=fuzzer-no-link"]
COMPILE = {"no": OPTIMIZE, "yes": CHECKED, "fuzz": [*CHECKED, *COVERED]}[SANITIZE]
LINK = {"no": [], "yes": ["-fsanitize=address,undefined"], "fuzz": []}[SANITIZE]
SHARED = "geodns.views"  # what Cython writes for views of buffers, once for all extensions

DIRECTIVES = {
    "language_level": "3",
    "annotation_typing": False,  # the Python annotations are mypy's; the C types stand in the .pxd
    "boundscheck": True,
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,
    "binding": False,
    "show_performance_hints": False,
}

# Whole numbers with names, for both speeds: their `.pxd` is written here, so that no number stands twice.
CONSTANTS = [
    Path("geodns/table/layout.py"),
    *(Path(f"geodns/answer/{name}.py") for name in ("cells", "found", "rcode", "terms", "wire")),
]
INLINE = [Path("geodns/answer/octets.py")]  # whose `.pxd` is all that there is to compile


def sources() -> list[Path]:
    """Modules beside a `.pxd` of their own, and `.pyx` files; an `__init__.pxd` only makes its package known."""
    beside = {path.with_suffix(".py") for path in Path("geodns").rglob("*.pxd") if path.stem != "__init__"}
    plain = {path for path in beside - {*CONSTANTS, *INLINE} if path.exists()}
    return sorted(plain | {*Path("geodns").rglob("*.pyx")})


def declare_constants(path: Path) -> None:
    """A C enumeration of the constants, so that compiled modules have them as literals."""
    names = {name: value for name, value in run_path(str(path)).items() if name.isupper() and isinstance(value, int)}
    lines = ["# Written by setup.py.", "cdef enum:", *(f"    {name} = {value}" for name, value in names.items())]
    written, text = path.with_suffix(".pxd"), "\n".join(lines) + "\n"
    if not written.exists() or written.read_text() != text:
        written.write_text(text)


def extension(name: str, files: list[str]) -> Extension:
    return Extension(
        name,
        files,
        extra_compile_args=[
            *COMPILE,
            "-Wno-unused-function",
            "-Wno-sign-compare",
            "-Wno-array-bounds",
        ],
        extra_link_args=LINK,
    )


def is_stale(folder: Path) -> bool:
    """Whether a declaration is newer than C code that may depend on it; Cython does not see all that do."""
    made = [path.stat().st_mtime for path in folder.rglob("*.c")]
    declared = [path.stat().st_mtime for path in (*Path("geodns").rglob("*.pxd"), Path("setup.py"))]
    return bool(made) and min(made) < max(declared)


def extensions() -> list[Extension]:
    if WANTED == "no":
        return []
    for path in CONSTANTS:
        declare_constants(path)
    made: list[Extension] = cythonize(
        [extension(SHARED, []), *(extension(".".join(path.with_suffix("").parts), [str(path)]) for path in sources())],
        build_dir=str(BUILT),
        compiler_directives=DIRECTIVES,
        shared_utility_qualified_name=SHARED,
        force=is_stale(BUILT),
        quiet=True,
    )
    return made


class AllOrNone(build_ext):
    """One that is missing would keep the others from being imported."""

    def run(self) -> None:
        try:
            super().run()
        except (BaseError, CCompilerError) as error:
            if WANTED == "required":
                raise
            self.warn(f"the extensions are left out, geodns will run interpreted: {error}")
            for path in map(Path, self.get_outputs()):
                path.unlink(missing_ok=True)
            self.extensions = []


setup(
    ext_modules=extensions(),
    cmdclass={"build_ext": AllOrNone},
    options={"build_ext": {"parallel": os.cpu_count()}},
)
