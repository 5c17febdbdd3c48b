"""type: tcp"""

from dataclasses import dataclass

from geodns.model.check import Heard
from geodns.model.place import Address
from geodns.probe.connection import connect
from geodns.probe.failure import failure
from geodns.probe.registry import probe
from geodns.probe.request import check_port


@probe("tcp")
@dataclass(frozen=True, slots=True, kw_only=True)
class Tcp:
    """The member accepts a connection. Nothing is sent; what the member sends is not read."""

    port: int

    def __post_init__(self) -> None:
        check_port(self.port)

    async def ask(self, address: Address) -> Heard:
        try:
            (await connect(address, self.port)).close()
        except OSError as error:
            raise failure(error) from error
        return Heard("connected")
