"""`workers: 0`: the one worker beside control in one process, for a laptop or a debugger.

Control talks to it over the same channel as to a worker of its own process, so it cannot tell the difference.
"""

from pathlib import Path

from geodns.serve.front import Front
from geodns.serve.premises import Premises
from geodns.serve.worker import Worker


def solo_worker(premises: Premises, state: Path) -> Worker:
    """For premises made for one worker: a task of the caller runs `worker.run(stopping)`."""
    (files,) = premises.all_worker_files(state)
    return Worker(files)


def solo_front(premises: Premises, state: Path) -> Front | None:
    """The same for what is encrypted, if anything is; its `start()` comes first."""
    files = premises.all_front_files(state)
    return Front(files[0]) if files else None
