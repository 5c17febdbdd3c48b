"""geodns: an authoritative DNS load balancer with geo scheduling.

The packages, in the order of the data path: model, config, geo, health, policy, table, answer, probe, serve,
control, admin, cli. ARCHITECTURE.md draws how a zone file becomes an answer.
"""

import os

from geodns import interpreted

__version__ = "0.1.0"

interpreted.obey(os.environ.get(interpreted.VARIABLE, ""))
