"""Run in the network: starts the servers, then the inspector, and prints what that says as JSON.

python -m tests.inspectors.inside zonemaster|dnsviz [lame]
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import dns.exception
import dns.message
import dns.query

from tests.daemons import program, running
from tests.inspectors import tree
from tests.scenarios.server import PATIENCE, command

NAMES = ("@", "www", "shop", "gone", "x.dev", "mail")  # of the zone, for dnsviz
_KNOT = """\
server:
    rundir: "{folder}"
    listen: {addresses}
database:
    storage: "{folder}/db"
log:
  - target: stderr
    any: warning
zone:
  - domain: "."
    file: "{folder}/root"
  - domain: "example."
    file: "{folder}/above"
"""


@contextmanager
def _knot(folder: Path, *, lame: bool) -> Iterator[None]:
    folder.mkdir()
    listen = ", ".join(f'"{address}@53"' for address in (*tree.ROOT, *tree.ABOVE))
    (folder / "conf").write_text(_KNOT.format(folder=folder, addresses=f"[{listen}]"))
    (folder / "root").write_text(tree.root())
    (folder / "above").write_text(tree.above(lame=lame))
    argv = [program("knotd", "knot"), "-c", str(folder / "conf")]
    with running(argv, folder, lambda: _is_up("example.", *tree.ROOT, *tree.ABOVE)):
        yield


@contextmanager
def _geodns(folder: Path) -> Iterator[None]:
    folder.mkdir()
    addresses = [address for both in tree.OURS.values() for address in both]
    words = [str(Path(__file__).with_name("inspected.yaml")), "--state", str(folder / "state"), "--workers", "1"]
    for address in addresses:
        words += ["--listen", f"[{address}]:53" if ":" in address else f"{address}:53"]
    with running(
        command("serve", *words, "--admin", "off", "--no-watch"), folder, lambda: _is_up(tree.ZONE, *addresses)
    ):
        yield


def _is_up(zone: str, *addresses: str) -> bool:
    """Every server says something of the zone."""
    try:
        replies = [dns.query.udp(dns.message.make_query(zone, "SOA"), each, timeout=0.5) for each in addresses]
    except (dns.exception.Timeout, OSError):
        return False
    return all(reply.answer or reply.authority for reply in replies)


def _zonemaster(folder: Path) -> str:
    (folder / "hints").write_text(tree.hints())
    words = [f"--hints={folder}/hints", "--level=INFO", "--json", "--no-progress", "--no-time", "--locale=C"]
    return _said([program("zonemaster-cli", "zonemaster-cli"), *words, tree.ZONE.rstrip(".")])


def _dnsviz(folder: Path) -> str:
    """Its servers of the root cannot be told in a file, so the root is told by option, and asked for what is below."""
    found = program("dnsviz", "dnsviz")
    names = [tree.ZONE if name == "@" else f"{name}.{tree.ZONE}" for name in NAMES]
    root = f".+:a.root-servers.net={tree.ROOT[0]}"
    _said([found, "probe", "-A", "-E", "-a", ".", "-x", root, "-o", str(folder / "probed"), *names])
    return _said([found, "grok", "-r", str(folder / "probed")])


def _said(argv: list[str]) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE * 6)
    if done.returncode:
        sys.exit(f"{argv[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(inspector: str, *words: str) -> None:
    inspect = {"zonemaster": _zonemaster, "dnsviz": _dnsviz}[inspector]
    with TemporaryDirectory() as text:
        folder = Path(text)
        with _knot(folder / "knot", lame="lame" in words), _geodns(folder / "geodns"):
            print(inspect(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
