"""A network of one's own: nothing but a loopback interface, so that port 53 and public addresses are free."""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.inspectors.tree import addresses
from tests.scenarios.server import ROOT, environment


def inside(*words: str) -> "subprocess.CompletedProcess[str]":
    """What `python -m tests.inspectors.inside WORDS` says there."""
    up = ["ip link set lo up", *(f"ip addr add {address} dev lo nodad" for address in addresses() if ":" in address)]
    up += [f"ip addr add {address} dev lo" for address in addresses() if ":" not in address]
    program = [sys.executable, "-m", "tests.inspectors.inside", *words]
    script = " && ".join([*up, 'exec "$@"'])
    argv = [*_unshare(), "sh", "-c", script, "sh", *program]
    return subprocess.run(argv, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=300)


def _unshare() -> list[str]:
    """As root, or as one who is root there only. Without either the test is skipped; but not where tests are run for
    others to rely on."""
    ways: Sequence[list[str]] = (["unshare", "--net"], ["unshare", "--net", "--user", "--map-root-user"])
    for way in ways:
        try:
            if subprocess.run([*way, "true"], capture_output=True, timeout=60).returncode == 0:
                return way
        except FileNotFoundError:
            break
    if os.environ.get("CI") == "true":
        pytest.fail("a network namespace cannot be made")
    pytest.skip("a network namespace cannot be made here (unshare --net)")
