"""The servers that are compared: facts → files and a command line. One file each, pure; `bench.running` does the rest.

To add one: a file with a `Peer`, listed here in reading order, and a line in docs/benchmarks.md.
"""

from bench.servers import bind, echo, gdnsd, geodns, knot, nsd, pdns
from bench.servers.peer import Peer

PEERS: tuple[Peer, ...] = (
    geodns.PLAIN,
    gdnsd.GDNSD,
    knot.KNOT,
    nsd.NSD,
    pdns.PDNS,
    bind.BIND,
    echo.ECHO,
    geodns.SPINNING,
    geodns.SINGLY,
    geodns.INTERPRETED,
    echo.GROUPING,
    echo.SPINNING,
)
TWO_WORKERS = geodns.TWO_WORKERS
