"""BIND."""

from tests.judge.peers.peer import Peer, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
options {{
    directory "{setting.folder}";
    listen-on port {setting.port} {{ {host}; }};
    listen-on-v6 {{ none; }};
    recursion no;
    # The additional section is compared too; the zone's NS records beside each answer are not wanted.
    minimal-responses no-auth;
    minimal-any yes;
    zero-no-soa-ttl no;
    max-udp-size 1232;
    notify no;
    empty-zones-enable no;
    dnssec-validation no;
    max-records-per-type 0; # by itself no more than 100
    max-types-per-name 0;
    check-integrity no;
    check-names primary ignore;
    pid-file none;
    session-keyfile none;
}};
controls {{}};
zone "{setting.zone}" {{ type primary; file "{setting.file}"; }};
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "named.conf"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting), encoding="utf-8")
    return ["-g", "-n", "1", "-c", str(config)]


BIND = Peer(name="bind", program="named", package="bind9", configure=_configure)
