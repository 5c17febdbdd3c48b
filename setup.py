"""The extensions: every module with a `.pxd` beside it, and every `.pyx`, is compiled; none of them has to be.

Without a C compiler the install goes on, and the same lines run interpreted (`geodns --version` says which). Settings of
the environment, for those who build:

    GEODNS_EXTENSIONS=no         build none
    GEODNS_EXTENSIONS=required   fail where one cannot be built
    GEODNS_SANITIZE=yes          with AddressSanitizer and UndefinedBehaviorSanitizer, for `make sanitize`
"""

import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

WANTED = os.environ.get("GEODNS_EXTENSIONS", "optional")
SANITIZE = os.environ.get("GEODNS_SANITIZE") == "yes"

OPTIMIZE = ["-O3", "-fno-plt", "-fvisibility=hidden"]
CHECKED = ["-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

DIRECTIVES = {
    "language_level": "3",
    "annotation_typing": False,  # the Python annotations are mypy's; the C types stand in the .pxd
    "boundscheck": True,
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,
    "binding": False,
}


def sources() -> list[Path]:
    """Modules beside a `.pxd` of their own, and `.pyx` files; an `__init__.pxd` only makes its package known."""
    beside = (path.with_suffix(".py") for path in Path("geodns").rglob("*.pxd") if path.stem != "__init__")
    return sorted({*(path for path in beside if path.exists()), *Path("geodns").rglob("*.pyx")})


def extension(path: Path) -> Extension:
    flags = CHECKED if SANITIZE else OPTIMIZE
    return Extension(
        ".".join(path.with_suffix("").parts),
        [str(path)],
        extra_compile_args=[*flags, "-Wno-unused-function"],
        extra_link_args=["-fsanitize=address,undefined"] if SANITIZE else [],
        optional=WANTED != "required",
    )


def extensions() -> list[Extension]:
    if WANTED == "no":
        return []
    made: list[Extension] = cythonize(
        [extension(path) for path in sources()], build_dir="build/cython", compiler_directives=DIRECTIVES
    )
    return made


setup(ext_modules=extensions())
