"""BIND's resolver. It knows no client subnet: its clients are where it is itself."""

from tests.resolvers.resolver import Kind, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
options {{
    directory "{setting.folder}";
    listen-on port {setting.port} {{ {host}; }};
    listen-on-v6 {{ none; }};
    recursion yes;
    allow-recursion {{ any; }};
    dnssec-validation no;
    empty-zones-enable no;
    pid-file none;
    session-keyfile none;
}};
controls {{}};
zone "example.com" {{
    type forward;
    forward only;
    forwarders {{ {host} port {setting.upstream}; }};
}};
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "named.conf"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting))
    return ["-g", "-n", "1", "-c", str(config)]


# Of one question it has ten clients wait at a time (clients-per-query), and drops the others.
BIND = Kind(name="bind", program="named", package="bind9", configure=_configure, keeps_negatives=True, at_once=8)
