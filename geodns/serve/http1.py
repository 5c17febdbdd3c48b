"""A connection that speaks HTTP/1.1 (RFC 9112), by way of the h11 library; for proxies, scripts and old clients.

Requests are answered one after the other, so there is little to limit: headers (h11 bounds them), the body, and time.
"""

import re
from http import HTTPStatus

import h11

from geodns.serve.counts import Event
from geodns.serve.https import BAD_REQUEST, LARGEST_HEADERS, LARGEST_QUERY, TOO_LARGE, Https, Request, Response, refusal
from geodns.serve.line import Line

LONGEST_REST = 131072  # octets of a body that was refused before its end
_ABSOLUTE = re.compile(rb"\Ahttps?://[^/?]*", re.IGNORECASE)


class Http1:
    """A Speaker."""

    is_busy = False

    def __init__(self, line: Line, shared: Https) -> None:
        self._line = line
        self._shared = shared
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEADERS)
        self._request: Request | None = None
        self._rest: int | None = None  # octets that may still come of a body that was refused

    def received(self, octets: memoryview) -> None:
        if self._rest is not None:
            self._pass_over(self._rest - len(octets))
            return
        self._h11.receive_data(bytes(octets))
        self._go_on()

    def resumed(self) -> None:
        self._go_on()

    def finished(self) -> bool:
        return False

    def leave(self) -> None:
        self._line.close()

    def lost(self) -> None:
        self._request = None

    def _go_on(self) -> None:
        try:
            while self._rest is None and self._line.is_open and self._take():
                pass
        except h11.RemoteProtocolError as error:
            self._shared.counts.add(Event.CONNECTION_MALFORMED)
            self._give_up(error.error_status_hint or BAD_REQUEST)

    def _take(self) -> bool:
        """One event of h11; False where there is nothing more to do now."""
        event = self._h11.next_event()
        match event:
            case h11.Request():
                self._begin(event)
            case h11.Data():
                self._take_body(bytes(event.data))
            case h11.EndOfMessage():
                self._answer()
            case _:  # it needs more, or the peer is done
                return False
        return True

    def _begin(self, event: h11.Request) -> None:
        # RFC 9112 §3.2.2: as to a proxy, which a server has to take as well.
        self._request = Request(bytes(event.method), _ABSOLUTE.sub(b"", bytes(event.target), count=1))
        length, chunked = -1, False
        for name, value in event.headers:
            match name:
                case b"content-type":
                    self._request.content_type = bytes(value)
                case b"content-length":
                    length = int(value)
                case b"transfer-encoding":
                    chunked = True
        if chunked and length >= 0:  # RFC 9112 §6.3: somebody in between may have read it otherwise
            self._refuse(BAD_REQUEST)
        elif self._h11.they_are_waiting_for_100_continue:
            self._let_go_on(length)

    def _let_go_on(self, length: int) -> None:
        """Who does not wait has sent what is too large by now, and would miss the status if it were not read."""
        if length > LARGEST_QUERY:
            self._refuse(TOO_LARGE)
        else:
            self._write(h11.InformationalResponse(status_code=100, headers=[]))

    def _take_body(self, octets: bytes) -> None:
        assert self._request
        self._request.body += octets
        if len(self._request.body) > LARGEST_QUERY:
            self._shared.counts.add(Event.REQUEST_REFUSED)
            self._send_last(TOO_LARGE)
            self._rest = LONGEST_REST

    def _pass_over(self, rest: int) -> None:
        """RFC 9112 §9.6: to close while the client sends would reset the connection, and it would miss the status. So
        it is for the client to close, within its idle time."""
        self._rest = rest
        if rest < 0:
            self._line.close()

    def _answer(self) -> None:
        assert self._request
        self._send(self._shared.respond(self._request, self._line.client))
        self._request = None
        self._line.got_on()
        if self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE:
            self._h11.start_next_cycle()
        else:
            self._line.close()

    def _refuse(self, status: int) -> None:
        self._shared.counts.add(Event.REQUEST_REFUSED)
        self._give_up(status)

    def _give_up(self, status: int) -> None:
        self._send_last(status)
        self._line.close()

    def _send_last(self, status: int) -> None:
        if self._h11.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = refusal(status)
            self._send(Response(status, (*response.headers, (b"connection", b"close"))))

    def _send(self, response: Response) -> None:
        # A reason is optional, but h2load takes none for no response.
        reason = HTTPStatus(response.status).phrase.encode()
        head = h11.Response(status_code=response.status, reason=reason, headers=list(self._shared.headers(response)))
        events: list[h11.Event] = [head, *([h11.Data(data=response.body)] if response.body else []), h11.EndOfMessage()]
        self._line.write(b"".join(self._h11.send(event) or b"" for event in events))

    def _write(self, event: h11.InformationalResponse) -> None:
        self._line.write(self._h11.send(event))
