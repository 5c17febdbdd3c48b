"""How control begins, in a process of its own."""

import os
import subprocess
import sys

GIVES_WAY = """
import os
from geodns.cli.control_process import give_way
give_way()
print(os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0) == os.SCHED_BATCH)
"""


def test_control_gives_way_to_workers() -> None:
    begun = os.getpriority(os.PRIO_PROCESS, 0)
    said = subprocess.run([sys.executable, "-c", GIVES_WAY], capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(min(begun + 10, 19)), "True"]
