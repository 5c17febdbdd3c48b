"""Where a server listens."""

from dataclasses import dataclass

from geodns.model.place import Address


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and a port. Port 0: any that is free."""

    address: Address
    port: int

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"{host}:{self.port}"
