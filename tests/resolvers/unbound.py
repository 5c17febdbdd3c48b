"""unbound with its module `subnetcache`."""

from tests.resolvers.questions import MANY
from tests.resolvers.resolver import Kind, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
server:
    interface: {host}@{setting.port}
    directory: "{setting.folder}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    num-threads: 1
    do-not-query-localhost: no
    # It would ask for A first, whatever the type is, so that queries could not be told by their number.
    qname-minimisation: no
    module-config: "subnetcache iterator"
    # From clients that send no subnet their own address goes to geodns.
    send-client-subnet: {host}
    client-subnet-always-forward: yes
    max-client-subnet-ipv4: {setting.widths.v4}
    max-client-subnet-ipv6: {setting.widths.v6}
    # It keeps no more than 100 subnets of a name if it is not told to.
    max-ecs-tree-size-ipv4: 10000
    max-ecs-tree-size-ipv6: 10000
remote-control:
    control-enable: no
stub-zone:
    name: "example.com"
    stub-addr: {host}@{setting.upstream}
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "unbound.conf"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting))
    return ["-d", "-p", "-c", str(config)]


UNBOUND = Kind(
    name="unbound",
    program="unbound",
    package="unbound",
    configure=_configure,
    keeps_negatives=True,
    at_once=MANY,
)
