"""What control tells the workers beside generations: that answers follow health, and the secrets of cookies."""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

from geodns.serve.shared import Shared

BEAT = 10.0  # seconds; workers call answers stale after a minute without


class Followed(Protocol):
    """Of Control, what this goes by."""

    @property
    def follows_health(self) -> bool: ...

    @property
    def secrets(self) -> Sequence[bytes] | None: ...


class Upkeep:
    def __init__(self, shared: Shared, control: Followed) -> None:
        self._shared = shared
        self._control = control

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.keep(time.time())
            await asyncio.sleep(BEAT)

    def keep(self, now: float) -> None:
        """At each beat, and after each reload. Before the first good configuration all stays as it was."""
        if self._control.follows_health:
            self._shared.beat(now)
        if self._control.secrets is not None:
            self._shared.take_secrets(self._control.secrets, now)
