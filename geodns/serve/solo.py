"""`workers: 0`: the one worker beside control in one process, for a laptop or a debugger.

Control talks to it over the same channel as to a worker of its own process, so it cannot tell the difference.
"""

from pathlib import Path

from geodns.serve.premises import Premises
from geodns.serve.worker import Worker


def solo_worker(premises: Premises, state: Path) -> Worker:
    """For premises made for one worker: a task of the caller runs `worker.run(stopping)`."""
    (files,) = premises.all_worker_files(state)
    return Worker(files)
