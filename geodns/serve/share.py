"""What one thread that answers has to itself: memory, counts and a desk."""

import time

from geodns.answer.cells import MEMORY_SIZE
from geodns.answer.conduct import Conduct
from geodns.answer.limiter import Limiter
from geodns.answer.limits import unlimited
from geodns.answer.memory import Memory
from geodns.answer.reply import answer
from geodns.serve.counts import Counts
from geodns.serve.current import Current
from geodns.serve.desk import Desk
from geodns.serve.notices import Notices
from geodns.serve.premises import COUNTS_AT


class Share:
    """`limiter`: of what is sent by UDP; `notices`: those of the process."""

    def __init__(
        self,
        memory: memoryview,
        rotation: memoryview,
        current: Current,
        conduct: Conduct,
        limiter: Limiter | None = None,
        notices: Notices | None = None,
    ) -> None:
        self.counts = Counts(memory[COUNTS_AT:])
        remembered = Memory(memory[:MEMORY_SIZE], rotation, conduct, limiter or unlimited())
        self.desk = Desk(current, answer, remembered, self.counts, time.time, notices)
