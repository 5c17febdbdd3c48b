"""Loads that are sent over the API, and what is shown of them."""

from pathlib import Path

import pytest

from geodns.admin.refusal import Refused
from geodns.admin.sent_loads import parse_load
from tests.admin.served import MEMBERS, ZONE, Served, serve

LIMITED = ZONE.replace("    check: web\n", "    check: web\n    load: {target: 8000, max: 10000}\n", 1)
POOL = "/api/v1/zones/example.com/pools/eu"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"load": 9000}', (9000.0, 60.0)),
        (b'{"load": 0.5, "expires": "5m"}', (0.5, 300.0)),
        (b'{"load": 0, "expires": 10}', (0.0, 10.0)),
        (b'{"load": 1, "expires": null}', (1.0, 60.0)),
    ],
)
def test_a_load_and_how_long_it_counts(body: bytes, found: tuple[float, float]) -> None:
    assert parse_load(body) == found


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", 'the body is no JSON; send {"load": 9000, "expires": "60s"}'),
        (b"[]", 'the body has to be a mapping, such as {"load": 9000, "expires": "60s"}'),
        (b"{}", "'load' is nothing; it has to be a number from 0 on, in what the targets are in"),
        (b'{"load": "9"}', "'load' is '9'; it has to be a number from 0 on, in what the targets are in"),
        (b'{"load": true}', "'load' is true; it has to be a number from 0 on, in what the targets are in"),
        (b'{"load": -1}', "'load' is -1; it has to be a number from 0 on, in what the targets are in"),
        (b'{"load": NaN}', "'load' is nan; it has to be a number from 0 on, in what the targets are in"),
        (b'{"load": 1, "expires": "soon"}', "'expires' is 'soon'; write 60s, or a number of seconds"),
        (b'{"load": 1, "expires": "2d"}', "'expires' is '2d'; a load counts for 1 s at least and for a day at most"),
        (
            b'{"lod": 1, "expires": 0}',
            "unknown key 'lod'; did you mean 'load'?; 'load' is nothing; it has to be a number from 0 on, in what the "
            "targets are in; 'expires' is 0; a load counts for 1 s at least and for a day at most",
        ),
    ],
)
def test_all_that_is_wrong_is_said_at_once(body: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_load(body)
    assert (refused.value.status, refused.value.sentence) == (400, sentence)


def test_what_was_sent_is_shown_of_the_pool_and_the_member(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        before = (await served.get("/api/v1/status")).rows("pools")
        assert [row["load"] for row in before] == [
            {"load": None, "target": 8000.0, "share": 1.0, "note": "no report yet"},
            None,
        ]
        assert (await served.ask("PUT", f"{POOL}/members/fra1/load", {"load": 3000})).status == 200
        assert (await served.ask("PUT", f"{POOL}/load", {"load": 9000, "expires": "5m"})).status == 200
        for rows in (
            (await served.get("/api/v1/status")).rows("pools"),
            (await served.get("/api/v1/zones/example.com")).rows("pools"),
        ):
            assert rows[0]["load"] == {"load": 9000.0, "target": 8000.0, "share": 1.0, "note": None}
        fra1, fra2 = (await served.get(MEMBERS)).rows("members")
        assert fra1["load"] == {"load": 3000.0, "target": None, "share": 1.0, "note": None}
        assert fra2["load"] == {"load": None, "target": None, "share": 1.0, "note": None}

    serve(tmp_path, scenario, zone=LIMITED)


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        (f"{POOL}x/load", 404, "there is no pool 'eux' in example.com."),
        (f"{POOL}/members/fra7/load", 404, "there is no member 'fra7' in pool eu of example.com."),
        (
            "/api/v1/zones/example.com/pools/both/load",
            400,
            "pool 'both' is made of pools; send the load of each of these",
        ),
    ],
)
def test_loads_are_of_pools_with_members(path: str, status: int, sentence: str, tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        reply = await served.ask("PUT", path, {"load": 1})
        assert reply.status == status
        assert reply.error.startswith(sentence)

    serve(tmp_path, scenario, zone=LIMITED.replace("policies:\n", "  both: {pools: {eu: 1, us: 1}}\npolicies:\n", 1))


def test_explain_says_what_would_be_answered_with_such_a_load(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        await served.ask("PUT", f"{POOL}/load", {"load": 7000})
        found = await served.get("/api/v1/explain?name=www.example.com&from=192.0.2.1&load=eu=17000")
        steering = found.part("steering")
        assert steering["shares"] == [["eu", 0.5], ["us", 0.5]]
        assert found.json["supposed"] == [["eu", 17000.0]]
        assert found.rows("loads")[0] == {
            "pool": "eu", "member": None, "load": 7000.0, "target": 8000.0, "share": 1.0, "note": ""
        }  # fmt: skip
        now = await served.get("/api/v1/explain?name=www.example.com&from=192.0.2.1")
        assert now.part("steering")["shares"] == []
        for wrong, sentence in {
            "eu": "'eu' supposes no load; write us=12000, or us/iad1=3000 for a member",
            "us=1": "no load matters to pool 'us'; give it load: {target: 8000}, or choose from it by least_load",
            "ue=1": "example.com. has no pool 'ue'; known: eu, us",
        }.items():
            refused = await served.get(f"/api/v1/explain?name=www.example.com&from=192.0.2.1&load={wrong}")
            assert (refused.status, refused.error) == (400, sentence)

    serve(tmp_path, scenario, zone=LIMITED)
