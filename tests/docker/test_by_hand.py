"""The image built and the demo run by hand, without an engine: what by_hand.py, demo.py and console.py say of it.

One build for all: it takes the better part of the time.
"""

import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.docker.by_hand import SYSTEM, Image, build_image
from tests.docker.console import carry_out, read_steps
from tests.docker.demo import PATIENCE, running_demo
from tests.docker.dockerfile import DOCKER

pytestmark = pytest.mark.sockets

NET_BIND_SERVICE = 1 << 10
OWN_NETWORK = "ip link set lo up && exec setpriv {privileges} -- geodns serve -c {config}"


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """Not in pytest's folder: only its owner may look into that one."""
    with tempfile.TemporaryDirectory(prefix="geodns-image-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield build_image(folder)


def _wait_until(is_true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {what}"
        time.sleep(0.1)


def _succeeds(command: Sequence[str], image: Image) -> bool:
    return subprocess.run(command, env=image.environment(), capture_output=True).returncode == 0


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if not path.is_dir()}


def test_the_wheel_holds_all_that_is_in_the_package(image: Image) -> None:
    (wheel,) = (image.root.parent / "build" / "wheels").iterdir()
    context = image.root.parent / "context"
    packaged = {str(path.relative_to(context)) for path in _files(context / "geodns")}
    held = set(zipfile.ZipFile(wheel).namelist())
    compiled = {name for name in packaged if name.endswith((".pxd", ".pyx"))}  # which have become extensions
    assert packaged - compiled <= held
    extensions = {name.partition(".")[0] for name in held if name.endswith(".so")}
    assert {name.removesuffix(".pyx") for name in compiled if name.endswith(".pyx")} <= extensions
    assert "geodns/answer/reply" in extensions
    assert {"geodns/py.typed", "geodns/geo/data/countries-dbip.xz"} <= packaged


def test_the_image_has_geodns_and_no_installer(image: Image) -> None:
    environment = image.environment()
    said = subprocess.run(["geodns", "--version"], env=environment, capture_output=True, text=True, cwd="/")
    assert said.stdout.startswith("geodns ")
    assert "DB-IP" in said.stdout
    assert not list(image.path("/opt/geodns/bin").glob("pip*"))


@pytest.mark.skipif(shutil.which("dig") is None, reason="needs dig, of Debian's package dnsutils")
def test_the_readme_shows_what_happens(image: Image, tmp_path: Path) -> None:
    with running_demo(image, tmp_path / "log") as demo:
        laid_out = _files(image.root)
        assert demo.health().returncode == 1  # the first generation takes a while
        _wait_until(lambda: demo.health().returncode == 0, "the container is healthy")
        for step in read_steps(DOCKER / "README.md"):
            carry_out(step, demo)
        written = _files(image.root) - laid_out
        assert demo.stop("geodns") == 0, "it ends by itself when it is asked to"
        assert "nothing answers at" in demo.health().stdout
    assert written
    assert all(path.is_relative_to(image.path("/var/lib/geodns")) for path in written), "the rest may be read-only"


@pytest.mark.skipif(
    os.geteuid() != 0 or not all(shutil.which(tool, path=SYSTEM) for tool in ("ip", "setcap", "setpriv", "unshare")),
    reason="needs root, and Debian's packages iproute2, libcap2-bin and util-linux",
)
def test_port_53_is_had_by_another_user_than_root_with_one_capability(image: Image, tmp_path: Path) -> None:
    if image.user is None:
        pytest.skip("no Python on this machine can be run by another user; install python3")
    config = image.path("/etc/geodns/port53.yaml")
    config.write_text(image.here((DOCKER / "geodns.yaml").read_text()))
    shutil.copytree(DOCKER / "zones", image.path("/etc/geodns/zones"), dirs_exist_ok=True)
    privileges = f"--reuid={image.user} --regid={image.user} --clear-groups --bounding-set=-all,+net_bind_service"
    script = OWN_NETWORK.format(privileges=privileges, config=config)
    with (tmp_path / "log").open("wb") as log:
        command = ["unshare", "--net", "sh", "-c", script]
        process = subprocess.Popen(command, env=image.environment(), stdout=log, stderr=log, cwd="/")
    try:
        inside = ["nsenter", f"--net=/proc/{process.pid}/ns/net", *image.health_command()]
        _wait_until(lambda: _succeeds(inside, image), "every worker serves")
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
    finally:
        process.terminate()
        process.wait(PATIENCE)
        print((tmp_path / "log").read_text())
    assert "listening on 0.0.0.0:53, UDP and TCP" in (tmp_path / "log").read_text()
    assert set(status["Uid"].split()) == {str(image.user)}
    assert [int(status[each], 16) for each in ("CapPrm", "CapEff", "CapBnd")] == [NET_BIND_SERVICE] * 3
