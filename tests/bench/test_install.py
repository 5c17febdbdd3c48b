"""Packages come without daemons that start by themselves."""

import subprocess
from pathlib import Path

from bench.install import nothing_starts


def test_nothing_starts_while_packages_are_installed(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with nothing_starts(policy):
        assert subprocess.run([str(policy)]).returncode == 101
    assert not policy.exists()


def test_a_policy_of_the_machines_own_is_left_alone(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("its own")
    with nothing_starts(policy):
        pass
    assert policy.read_text() == "its own"
