"""geodns itself, as an operator runs it."""

import sys

from tests.judge.peers.peer import Peer, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
listen: "{host}:{setting.port}"
workers: 1
zones: "{setting.file}"
state: state/
admin: {{listen: "off"}}
watch: false
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "geodns.yaml"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting), encoding="utf-8")
    return ["-P", "-m", "geodns", "serve", "-c", str(config)]


GEODNS = Peer(name="geodns", program=sys.executable, package="python3", configure=_configure)
