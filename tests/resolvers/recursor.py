"""PowerDNS's recursor."""

from tests.resolvers.resolver import Kind, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
local-address={host}
local-port={setting.port}
config-dir={setting.folder}
socket-dir={setting.folder}
hint-file=no
security-poll-suffix=
dnssec=off
threads=1
dont-query=
forward-zones=example.com={host}:{setting.upstream}
use-incoming-edns-subnet=yes
edns-subnet-allow-list=example.com
# From clients that send no subnet their own address goes to geodns, loopback ones included.
ecs-add-for=0.0.0.0/0, ::/0
ecs-ipv4-bits={setting.widths.v4}
ecs-ipv6-bits={setting.widths.v6}
# Answers for prefixes as long as these are kept, too.
ecs-ipv4-cache-bits={setting.widths.v4}
ecs-ipv6-cache-bits={setting.widths.v6}
# It keeps a negative answer for all clients alike, as RFC 7871 §7.4 lets it, so it is to keep none. At the turn of a
# second one such answer still gets to others that are under way, and from its packet cache to all for that second; so
# it is asked one question at a time.
max-negative-ttl=0
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "recursor.conf"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting))
    return [f"--config-dir={setting.folder}"]


RECURSOR = Kind(
    name="pdns-recursor",
    program="pdns_recursor",
    package="pdns-recursor",
    configure=_configure,
    keeps_negatives=False,
    at_once=1,
)
