"""How this server behaves toward everybody, whatever the zone: what it is told at the start."""

from geodns.answer import terms


class Conduct:
    """`payload`: octets that a UDP reply may have, and that the OPT record says we take."""

    __slots__ = ("payload",)

    def __init__(self, *, payload: int = terms.DATAGRAM) -> None:
        self.payload = payload
