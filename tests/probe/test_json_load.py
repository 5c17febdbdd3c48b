"""The load that an HTTP answer tells, against real servers."""

import asyncio
import json
from pathlib import Path

import pytest

from geodns.model.check import Heard
from geodns.probe import Http, Https
from geodns.probe.expect import Expect
from geodns.probe.json_load import JsonLoad
from tests.probe.asking import heard, outcome
from tests.probe.servers import authority, says, serving


@pytest.mark.parametrize(
    ("sentence", "body", "path", "said"),
    [
        ("a key", '{"load": 8000}', "load", Heard("200 OK", 8000.0)),
        ("a key within a key", '{"stats": {"load": 0.25}}', "stats.load", Heard("200 OK", 0.25)),
        ("a number in a list", '{"load": [0.5, 0.7]}', "load.1", Heard("200 OK", 0.7)),
        ("none at all is a load too", '{"load": 0}', "load", Heard("200 OK", 0.0)),
        ("a key that is missing", '{"lod": 1}', "load", Heard("200 OK, load unknown: the body has no 'load'")),
        ("a list that is too short", "[1]", "1", Heard("200 OK, load unknown: the body has no '1'")),
        ("nothing is within a number", '{"a": 1}', "a.b", Heard("200 OK, load unknown: the body has no 'a.b'")),
        ("a text", '{"load": "8"}', "load", Heard("200 OK, load unknown: 'load' is no number from 0 on")),
        ("truth", '{"load": true}', "load", Heard("200 OK, load unknown: 'load' is no number from 0 on")),
        ("less than nothing", '{"load": -1}', "load", Heard("200 OK, load unknown: 'load' is no number from 0 on")),
        ("no number", '{"load": NaN}', "load", Heard("200 OK, load unknown: 'load' is no number from 0 on")),
        ("no JSON", "load=1", "load", Heard("200 OK, load unknown: the body is no JSON, or longer than 64 KiB")),
        ("too deep", "[" * 9999, "load", Heard("200 OK, load unknown: the body is no JSON, or longer than 64 KiB")),
    ],
)
def test_the_body_tells_the_load_and_fails_nothing(sentence: str, body: str, path: str, said: Heard) -> None:
    async def flow() -> None:
        async with serving(says(body)) as port:
            assert await heard(Http(port=port, load=JsonLoad(json=path))) == said, sentence

    asyncio.run(flow())


def test_one_body_is_both_judged_and_read() -> None:
    async def flow() -> None:
        async with serving(says(json.dumps({"state": "ok", "load": 3}))) as port:
            with_load = Http(port=port, expect=Expect(body="ok"), load=JsonLoad(json="load"))
            assert await heard(with_load) == Heard("200 OK", 3.0)
            assert await outcome(Http(port=port, expect=Expect(body="fine"), load=JsonLoad(json="load"))) == (
                False,
                "body lacks 'fine'",
            )

    asyncio.run(flow())


def test_without_the_key_no_load_is_looked_for() -> None:
    async def flow() -> None:
        async with serving(says('{"load": 3}')) as port:
            assert await heard(Http(port=port)) == Heard("200 OK")

    asyncio.run(flow())


@pytest.mark.parametrize("path", ["", ".", "stats.", ".load", "a..b"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path of keys; write load"):
        JsonLoad(json=path)


def test_a_head_request_can_tell_no_load() -> None:
    with pytest.raises(ValueError, match="so no load in it; write method: GET"):
        Http(method="HEAD", load=JsonLoad(json="load"))


def test_https_tells_it_too(tmp_path: Path) -> None:
    async def flow() -> None:
        trusted = authority(tmp_path)
        async with serving(says('{"load": 8}'), tls=trusted.server("www.example.com")) as port:
            secure = Https(port=port, host="www.example.com", ca=trusted.file, load=JsonLoad(json="load"))
            assert (await heard(secure)).load == 8.0

    asyncio.run(flow())
