"""Coverage-guided fuzzing, by libFuzzer: `make fuzz`.

    python -m fuzz                           every target for a minute
    python -m fuzz --seconds 600 packet      longer, and one alone

The compiled lines run under it natively (fuzz/native.c, built by clang with its sanitizers), Python's by atheris.
What reaches new lines is kept in fuzz/corpus, cut down to what is needed for that, and run by the tests from then on.
What breaks a law is written to the folder `findings`; `python -m fuzz.replay TARGET FILE` shows it again.
"""

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "fuzz" / "corpus"
FINDINGS = ROOT / "findings"
BUILT = ROOT / "build" / "fuzz"
LARGEST = {"packet": 700, "zone": 4096, "master": 4096, "database": 4096}  # octets of an input


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One target under one engine."""

    target: str
    compiled: bool

    def __str__(self) -> str:
        return f"{self.target} ({'compiled' if self.compiled else 'interpreted'})"

    def command(self) -> list[str]:
        return [str(BUILT / "native")] if self.compiled else [sys.executable, "-m", "fuzz.guided", self.target]

    def environment(self) -> dict[str, str]:
        if not self.compiled:
            return {**os.environ, "PYTHONPATH": str(ROOT), "GEODNS_SPEED": "interpreted"}
        return {
            **os.environ,
            "FUZZ_PYTHON": sys.executable,
            "FUZZ_TARGET": self.target,
            "PYTHONPATH": str(BUILT / "lib"),
            "PYTHONMALLOC": "malloc",  # so that the sanitizers see each allocation
            "ASAN_OPTIONS": "detect_leaks=0",  # what Python itself never gives back is no leak of ours
        }


CAMPAIGNS = (
    Campaign(target="packet", compiled=True),
    Campaign(target="packet", compiled=False),
    Campaign(target="database", compiled=True),
    Campaign(target="zone", compiled=False),
    Campaign(target="master", compiled=False),
)


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("targets", nargs="*", metavar="TARGET", choices=[*LARGEST, []], help=", ".join(LARGEST))
    reader.add_argument("--seconds", type=int, default=60, metavar="N", help="for each")
    given = reader.parse_args()
    chosen = [each for each in CAMPAIGNS if not given.targets or each.target in given.targets]
    if any(each.compiled for each in chosen):
        build()
    return max(run(each, given.seconds) for each in chosen)


def build() -> None:
    """The extensions and what runs them, with coverage and sanitizers."""
    if shutil.which("clang") is None:
        sys.exit("clang is not installed (apt-get install clang libclang-rt-14-dev); the compiled lines need it")
    print("building with coverage and sanitizers", flush=True)
    environment = {**os.environ, "CC": "clang", "GEODNS_SANITIZE": "fuzz", "GEODNS_EXTENSIONS": "required"}
    setup = (sys.executable, "setup.py", "--quiet", "build", "--build-lib", BUILT / "lib", "--build-temp", BUILT / "o")
    subprocess.run(setup, cwd=ROOT, env=environment, check=True)
    for folder in ("fuzz", "tests"):
        shutil.copytree(ROOT / folder, BUILT / "lib" / folder, dirs_exist_ok=True)
    include, libraries = sysconfig.get_path("include"), sysconfig.get_config_var("LIBDIR")
    version = sysconfig.get_config_var("LDVERSION")
    subprocess.run(
        (
            *("clang", "-O1", "-g", "-rdynamic", "-fsanitize=fuzzer,address,undefined", f"-I{include}"),
            *(ROOT / "fuzz" / "native.c", f"-L{libraries}", f"-Wl,-rpath,{libraries}", f"-lpython{version}"),
            *("-o", BUILT / "native"),
        ),
        check=True,
    )


def run(campaign: Campaign, seconds: int) -> int:
    """0, or 1 where a law was broken."""
    kept = CORPUS / campaign.target
    FINDINGS.mkdir(exist_ok=True)
    print(f"{campaign}: {seconds} s from {sum(1 for _ in kept.iterdir())} inputs", flush=True)
    with tempfile.TemporaryDirectory() as found:
        limits = (f"-max_len={LARGEST[campaign.target]}", "-timeout=20", "-rss_limit_mb=4096", "-verbosity=0")
        options = (*limits, f"-max_total_time={seconds}", f"-artifact_prefix={FINDINGS}/{campaign.target}-")
        code = _engine(campaign, (*options, found, str(kept)))
        if code == 0:
            _keep(campaign, limits, Path(found), kept)
    return 1 if code else 0


def _keep(campaign: Campaign, limits: Sequence[str], found: Path, kept: Path) -> None:
    """Of what was found, what reaches lines that the kept inputs do not reach."""
    before = set(kept.iterdir())
    _engine(campaign, (*limits, "-merge=1", str(kept), str(found)))
    new = set(kept.iterdir()) - before
    print(f"{campaign}: {len(new)} new inputs kept, no law broken", flush=True)


def _engine(campaign: Campaign, options: Sequence[str]) -> int:
    where = BUILT / "lib" if campaign.compiled else ROOT
    return subprocess.run((*campaign.command(), *options), cwd=where, env=campaign.environment()).returncode


if __name__ == "__main__":
    sys.exit(main())
