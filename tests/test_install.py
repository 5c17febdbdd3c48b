"""Without a C compiler geodns installs all the same, without its extensions, and says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made as pip makes it, of a copy of the sources, where the compiler always fails."""
    folder = tmp_path_factory.mktemp("install")
    source = folder / "source"
    shutil.copytree(ROOT / "geodns", source / "geodns", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    argv = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(source)]
    environment = {name: value for name, value in os.environ.items() if name != "GEODNS_EXTENSIONS"}
    subprocess.run(argv, env=environment | {"CC": "false"}, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_without_a_compiler_a_wheel_has_no_extensions(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert "geodns/answer/reply.py" in names
    assert [name for name in names if name.endswith(".so")] == []


def test_what_was_installed_without_a_compiler_runs_interpreted(wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path)
    argv = [sys.executable, "-P", "-m", "geodns", "--version"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(argv, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("geodns 0.1.0 (interpreted)")
