"""NSD."""

from tests.judge.peers.peer import Peer, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
server:
    ip-address: {host}@{setting.port}
    server-count: 1
    username: ""
    chroot: ""
    database: ""
    zonesdir: "{setting.folder}"
    pidfile: "{setting.folder}/nsd.pid"
    xfrdfile: "{setting.folder}/xfrd.state"
    xfrdir: "{setting.folder}"
    zonelistfile: "{setting.folder}/zone.list"
    minimal-responses: yes # the zone's NS records beside each answer are not wanted
    ipv4-edns-size: 1232
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
remote-control:
    control-enable: no
zone:
    name: "{setting.zone}"
    zonefile: "{setting.file}"
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "nsd.conf"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting), encoding="utf-8")
    return ["-d", "-c", str(config)]


NSD = Peer(name="nsd", program="nsd", package="nsd", configure=_configure)
