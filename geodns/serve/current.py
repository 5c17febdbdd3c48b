"""The one mutable cell of a worker: the table in force. Whoever reads packets sees exactly one at a time."""

from collections.abc import Callable

from geodns.table.image import Table


class Current:
    """`table` None: there is no generation yet."""

    def __init__(self, table: Table | None = None) -> None:
        self.table = table
        self._listeners: list[Callable[[], None]] = []

    def replace(self, table: Table) -> None:
        self.table = table
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Called after each replacement, for readers that hold a reference of their own."""
        self._listeners.append(listener)
