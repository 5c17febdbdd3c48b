"""Is this member up? One file per probe type; they report facts and judge nothing.

    targets ─ schedule ─▶ who is due ─ prober ─▶ http │ https │ tcp │ dns │ agent ─▶ Result

To add a type: a file with a dataclass under `@probe("name")`, its import here, a section in docs/probes.md, tests.
"""

from geodns.probe.registry import PROBES, probe

# In reading order, which is also the order in messages and in the schema.
from geodns.probe.http import Http  # isort: skip
from geodns.probe.https import Https  # isort: skip
from geodns.probe.tcp import Tcp  # isort: skip
from geodns.probe.dns import Dns  # isort: skip
from geodns.probe.agent import Agent  # isort: skip

__all__ = ["PROBES", "Agent", "Dns", "Http", "Https", "Tcp", "probe"]
