"""Knot DNS."""

from tests.judge.peers.peer import Peer, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
server:
    rundir: "{setting.folder}"
    listen: {host}@{setting.port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    udp-max-payload: 1232
database:
    storage: "{setting.folder}/db"
log:
  - target: stderr
    any: warning
zone:
  - domain: "{setting.zone}"
    file: "{setting.file}"
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "knot.conf"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting), encoding="utf-8")
    return ["-c", str(config)]


KNOT = Peer(name="knot", program="knotd", package="knot", configure=_configure)
