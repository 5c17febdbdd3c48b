"""What a worker passes on to control of the NOTIFY messages that it has answered: a bounded number of them.

Only control knows whose word counts, so what anybody may send, from any address, must not keep it busy, nor crowd out
what was signed: that is counted apart.
"""

from geodns.model.name import Name
from geodns.model.place import Address
from geodns.serve.channel import Channel
from geodns.serve.messages import Notified

MOST = 50  # in a second, of those that are signed and of the others


class Notices:
    """Of one process; its threads share it. Before connect() nothing is passed on."""

    def __init__(self) -> None:
        self._channel: Channel | None = None
        self._second = 0
        self._passed = [0, 0]  # in this second: unsigned, signed

    def connect(self, channel: Channel | None) -> None:
        """None: no longer."""
        self._channel = channel

    def pass_on(self, zone: Name, client: Address, key: Name | None, now: float) -> bool:
        """`key`: that it was signed with; `now`: seconds. False: control does not hear of it."""
        if int(now) != self._second:
            self._second, self._passed = int(now), [0, 0]
        channel, signed = self._channel, int(key is not None)
        if channel is None or self._passed[signed] >= MOST:
            return False
        self._passed[signed] += 1
        return channel.send(Notified(zone.hex(), str(client), "" if key is None else key.hex()))
