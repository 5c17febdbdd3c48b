"""What a request of HTTP comes to, apart from how it looks on the wire."""

import base64

import pytest

from geodns.answer.terms import HTTPS
from geodns.serve.counts import Event
from geodns.serve.https import LARGEST_QUERY, Https, Request
from tests.serve.standins import echo, private_counts, query, response, silent

DNS = b"application/dns-message"
CLIENT = memoryview(bytes(4))


def asked(octets: bytes) -> bytes:
    return b"/dns-query?dns=" + base64.urlsafe_b64encode(octets).rstrip(b"=")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (Request(b"GET", asked(query(7))), 200),
        (Request(b"GET", asked(query(7)).replace(b"?", b"?a=b&") + b"&c=d"), 200),
        (Request(b"HEAD", asked(query(7))), 200),
        (Request(b"POST", b"/dns-query", DNS, bytearray(query(7))), 200),
        (Request(b"POST", b"/dns-query?x", b" Application/DNS-Message ; q=1", bytearray(query(7))), 200),
        (Request(b"GET", b"/dns-query"), 400),
        (Request(b"GET", b"/dns-query?dns="), 400),
        (Request(b"GET", b"/dns-query?dns=A"), 400),
        (Request(b"GET", asked(query(7)) + b"="), 400),
        (Request(b"GET", b"/dns-query?dns=AA+/AAAAAAAAAAAAAAAA"), 400),
        (Request(b"GET", asked(query(7)[:11])), 400),
        (Request(b"GET", asked(response(7))), 200),
        (Request(b"POST", b"/dns-query", DNS, bytearray(11)), 400),
        (Request(b"GET", b"/"), 404),
        (Request(b"GET", b"/dns-query/?dns=AAAA"), 404),
        (Request(b"PUT", b"/dns-query"), 405),
        (Request(b"CONNECT", b""), 404),
        (Request(b"POST", b"/dns-query", DNS, bytearray(LARGEST_QUERY + 1)), 413),
        (Request(b"POST", b"/dns-query", b"", bytearray(query(7))), 415),
        (Request(b"POST", b"/dns-query", b"application/dns-json", bytearray(query(7))), 415),
        (Request(b"BREW", b"/dns-query"), 501),
    ],
    ids=str,
)
def test_each_request_gets_its_status(request_: Request, status: int) -> None:
    counts = private_counts()
    found = Https(echo, counts, "/dns-query").respond(request_, CLIENT)
    headers = dict(found.headers)
    assert found.status == status
    assert counts.read()[Event.MESSAGE] == (status == 200)
    assert counts.read()[Event.REQUEST_REFUSED] == (status != 200)
    if status == 200:
        assert headers[b"content-type"] == DNS
        assert headers[b"cache-control"] == b"private, max-age=0"
        assert int(headers[b"content-length"]) == len(query(7))
        assert found.body == (b"" if request_.method == b"HEAD" else response(7))
    else:
        assert (found.body, headers[b"content-length"]) == (b"", b"0")
        assert (b"allow" in headers) == (status == 405)


def test_the_answer_core_is_told_that_it_is_https_and_who_asks() -> None:
    told = []

    def reply_to(packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> int:
        told.append((bytes(packet[:length]), bytes(client), transport))
        return echo(packet, length, client, transport, reply)

    Https(reply_to, private_counts(), "/ask").respond(
        Request(b"POST", b"/ask", DNS, bytearray(query(7))), memoryview(b"\1\2\3\4")
    )
    assert told == [(query(7), b"\1\2\3\4", HTTPS)]


def test_what_the_answer_core_drops_is_a_bad_request() -> None:
    counts = private_counts()
    assert Https(silent, counts, "/dns-query").respond(Request(b"GET", asked(query(7))), CLIENT).status == 400


def test_all_responses_are_dated() -> None:
    now = 784111777.0  # RFC 9110 §5.6.7
    https = Https(echo, private_counts(), "/dns-query", clock=lambda: now)
    for target in (asked(query(7)), b"/"):
        found = https.respond(Request(b"GET", target), CLIENT)
        assert https.headers(found) == (*found.headers, (b"date", b"Sun, 06 Nov 1994 08:49:37 GMT"))
    now += 1
    assert https.headers(found)[-1] == (b"date", b"Sun, 06 Nov 1994 08:49:38 GMT")
