"""type: http, against real servers."""

import asyncio

import pytest
from aiohttp import web

from geodns.probe import Http
from geodns.probe.expect import Expect
from geodns.probe.response import MAX_BODY
from tests.probe.asking import outcome
from tests.probe.servers import blurting, closed_port, says, serving


@pytest.mark.parametrize(
    ("sentence", "status", "expect", "reported"),
    [
        ("success passes", 200, Expect(), (True, "200 OK")),
        ("any success passes", 204, Expect(), (True, "204 No Content")),
        ("an error does not", 503, Expect(), (False, "status 503, wanted 200-299")),
        ("one status may be wanted", 200, Expect(status=(204,)), (False, "status 200, wanted 204")),
        ("several may be wanted", 404, Expect(status=("200-299", 404)), (True, "404 Not Found")),
        ("none of several", 500, Expect(status=("200-299", 404)), (False, "status 500, wanted 200-299, 404")),
        ("a status without a name", 299, Expect(), (True, "299")),
    ],
)
def test_the_status_decides(sentence: str, status: int, expect: Expect, reported: tuple[bool, str]) -> None:
    async def flow() -> None:
        async with serving(says("", status=status)) as port:
            assert await outcome(Http(port=port, expect=expect)) == reported, sentence

    asyncio.run(flow())


@pytest.mark.parametrize(
    ("text", "wanted", "reported"),
    [
        ("all is ok here", "ok", (True, "200 OK")),
        ("nothing works", "ok", (False, "body lacks 'ok'")),
        ("", "ok", (False, "body lacks 'ok'")),
        ("grün", "grün", (True, "200 OK")),
    ],
)
def test_the_body_must_hold_the_text(text: str, wanted: str, reported: tuple[bool, str]) -> None:
    async def flow() -> None:
        async with serving(says(text)) as port:
            assert await outcome(Http(port=port, expect=Expect(body=wanted))) == reported

    asyncio.run(flow())


def test_only_the_beginning_of_a_huge_body_is_read() -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * MAX_BODY)
        except ConnectionError:  # the probe has read enough
            return response

    async def flow() -> None:
        async with serving(endless) as port:
            assert await outcome(Http(port=port, expect=Expect(body="ok"))) == (False, "body lacks 'ok'")
            assert await outcome(Http(port=port, expect=Expect(body="xxx"))) == (True, "200 OK")
            assert await outcome(Http(port=port)) == (True, "200 OK")

    asyncio.run(flow())


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asked: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": "/other"})

    async def flow() -> None:
        async with serving(elsewhere) as port:
            assert await outcome(Http(port=port)) == (False, "status 302, wanted 200-299")
            assert await outcome(Http(port=port, expect=Expect(status=(302,)))) == (True, "302 Found")

    asyncio.run(flow())
    assert asked == ["/", "/"]


async def _what_the_server_sees(port: int, probe: Http, seen: list[web.BaseRequest]) -> web.BaseRequest:
    assert (await outcome(probe))[0]
    return seen.pop()


def test_the_server_sees_what_the_check_says() -> None:
    seen: list[web.BaseRequest] = []

    async def note(request: web.BaseRequest) -> web.Response:
        seen.append(request)
        return web.Response()

    async def flow() -> None:
        async with serving(note) as port:
            plain = await _what_the_server_sees(port, Http(port=port), seen)
            named = await _what_the_server_sees(
                port,
                Http(
                    port=port,
                    path="/a%20b?x=%2F",
                    host="www.example.com",
                    method="HEAD",
                    headers=("X-Probe: 1", "user-agent: mine"),
                ),
                seen,
            )
            assert (plain.method, plain.raw_path, plain.headers["Host"]) == ("GET", "/", f"127.0.0.1:{port}")
            assert plain.headers["User-Agent"].startswith("geodns/")
            assert plain.headers["Connection"] == "close"
            assert (named.method, named.raw_path, named.headers["Host"]) == ("HEAD", "/a%20b?x=%2F", "www.example.com")
            assert (named.headers["X-Probe"], named.headers.getall("User-Agent")) == ("1", ["mine"])

    asyncio.run(flow())


def test_ipv6_members_are_asked_too() -> None:
    async def flow() -> None:
        async with serving(says(""), at="::1") as port:
            assert await outcome(Http(port=port), "::1") == (True, "200 OK")

    asyncio.run(flow())


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def flow() -> None:
        async with serving(says("")) as port:
            assert await outcome(Http(port=port)) == (True, "200 OK")

    asyncio.run(flow())


@pytest.mark.parametrize(
    ("octets", "detail"),
    [
        (b"", "closed the connection without an answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no valid HTTP answer: Bad status line"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "the answer broke off in its body"),
    ],
)
def test_what_is_no_answer_is_named(octets: bytes, detail: str) -> None:
    async def flow() -> None:
        async with blurting(octets) as port:
            passed, reported = await outcome(Http(port=port, expect=Expect(body="ok")))
            assert not passed
            assert reported.startswith(detail)

    asyncio.run(flow())


def test_a_closed_port_refuses() -> None:
    async def flow() -> None:
        assert await outcome(Http(port=await closed_port())) == (False, "connection refused")

    asyncio.run(flow())


def test_who_accepts_and_says_nothing_times_out() -> None:
    async def flow() -> None:
        async with blurting(None) as port:
            assert await outcome(Http(port=port), within=0.05) == (False, "timed out after 0.05 s")

    asyncio.run(flow())
