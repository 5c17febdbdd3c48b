"""type: https"""

import time
from dataclasses import dataclass

from geodns.model.check import Heard
from geodns.model.place import Address
from geodns.probe.exchange import exchange
from geodns.probe.expect import SUCCESS, Expect
from geodns.probe.json_load import JsonLoad, heard
from geodns.probe.registry import probe
from geodns.probe.request import Method, Request, check_body, check_request
from geodns.probe.tls import context_for, expiry_remark


@probe("https")
@dataclass(frozen=True, slots=True, kw_only=True)
class Https:
    """The member answers an HTTPS request as expected, with a valid certificate for `host`."""

    port: int = 443
    path: str = "/"
    host: str | None = None  # the Host header, SNI, and the name in the certificate; None: the address
    method: Method = "GET"
    headers: tuple[str, ...] = ()  # as curl takes them: "Name: value"
    expect: Expect = SUCCESS
    load: JsonLoad | None = None  # where the body tells it
    verify: bool = True
    ca: str | None = None  # a PEM file; None: the system's certificates

    def __post_init__(self) -> None:
        check_request(self.port, self.path, self.host, self.headers)
        check_body(self.method, self.expect.body, self.load is not None)
        if self.ca is not None and not self.ca.startswith("/"):
            raise ValueError(f"ca {self.ca!r} depends on where geodns was started; write the whole path, from /")
        if self.ca is not None and not self.verify:
            raise ValueError("ca has no effect with verify: false; take one of them out")

    @property
    def tells_load(self) -> bool:
        return self.load is not None

    async def ask(self, address: Address) -> Heard:
        request = Request(
            method=self.method,
            port=self.port,
            path=self.path,
            host=self.host,
            headers=self.headers,
            tls=context_for(self.ca, self.verify),
        )
        reply = await exchange(request, address, self.expect, with_body=self.load is not None)
        remark = ", ".join(filter(None, (str(reply), expiry_remark(reply.certificate, time.time()))))
        return heard(remark, self.load, reply.body)
