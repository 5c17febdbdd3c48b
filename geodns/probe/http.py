"""type: http"""

from dataclasses import dataclass

from geodns.model.check import Heard
from geodns.model.place import Address
from geodns.probe.exchange import exchange
from geodns.probe.expect import SUCCESS, Expect
from geodns.probe.json_load import JsonLoad, heard
from geodns.probe.registry import probe
from geodns.probe.request import Method, Request, check_body, check_request


@probe("http")
@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """The member answers an HTTP request as expected. Redirects are answers like any other and are not followed."""

    port: int = 80
    path: str = "/"
    host: str | None = None  # the Host header; None: the address
    method: Method = "GET"
    headers: tuple[str, ...] = ()  # as curl takes them: "Name: value"
    expect: Expect = SUCCESS
    load: JsonLoad | None = None  # where the body tells it

    def __post_init__(self) -> None:
        check_request(self.port, self.path, self.host, self.headers)
        check_body(self.method, self.expect.body, self.load is not None)

    @property
    def tells_load(self) -> bool:
        return self.load is not None

    async def ask(self, address: Address) -> Heard:
        request = Request(method=self.method, port=self.port, path=self.path, host=self.host, headers=self.headers)
        reply = await exchange(request, address, self.expect, with_body=self.load is not None)
        return heard(str(reply), self.load, reply.body)
