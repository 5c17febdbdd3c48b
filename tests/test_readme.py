"""The README's console blocks are run as they stand, in their order, and give what they show."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.server import ROOT, Server, environment, serving

README = (ROOT / "README.md").read_text()
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def steps() -> list[tuple[str, str]]:
    """(command, the output shown below it), in the order of the page."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(README):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            found.append((command, output))
    return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The example zones; what they probe is the admin endpoint, which has another port here."""
    zones = shutil.copytree(ROOT / "zones", tmp_path / "zones")
    example = zones / "example.com.yaml"
    with serving(zones, state=tmp_path / "state", options=["--no-watch"], wait=False) as server:
        text = example.read_text()
        assert "port: 8053" in text, "the example probes the admin endpoint"
        example.write_text(text.replace("port: 8053", f"port: {server.admin}"))
        server.wait_until_ready()
        assert server.api("POST", "/api/v1/reload").status == 200
        server.wait_until(lambda: _local_members(server) == {"here": "up", "gone": "down"}, "the probes have judged")
        server.wait_until_ready()
        yield server


def _local_members(server: Server) -> dict[str, str]:
    members = server.api("GET", "/api/v1/zones/example.com/pools/local/members").content["members"]
    return {member["member"]: member["state"] for member in members}


@pytest.mark.sockets
def test_every_command_of_the_readme_gives_the_output_shown(server: Server) -> None:
    if shutil.which("dig") is None:
        assert "CI" not in os.environ, "dig is missing: .ci/run installs Debian's dnsutils"
        pytest.skip("dig is not installed (Debian: dnsutils)")
    assert len(steps()) >= 10, "the README shows how it is asked"
    for command, shown in steps():
        given = _run(command, server)
        assert _steady(given) == _steady(shown), f"$ {command}\n{given}"


def _run(command: str, server: Server) -> str:
    command = command.replace("-p 5300", f"-p {server.port}").replace(".venv/bin/geodns", f"{sys.executable} -m geodns")
    env = {**environment(), "GEODNS_ADMIN": f"http://127.0.0.1:{server.admin}"}
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def _steady(output: str) -> str:
    """Without what differs from run to run: the folder, the number and checksum of the generation, the time."""
    output = re.sub(r"\S*/zones/example", "zones/example", output)
    output = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", "TIME", output)
    return re.sub(r"generation \d+( \(checksum [0-9a-f]{16}\))?", "generation N", output)
