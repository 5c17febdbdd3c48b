"""Every route, over real sockets and a real control."""

import asyncio
from pathlib import Path
from shutil import rmtree

import pytest

from geodns import __version__
from tests.admin.served import FRA1, MEMBERS, ZONE, Fds, Served, serve
from tests.admin.standins import StandIn, channel_ends
from tests.probe.servers import blurting

BROKEN = "zone: example.com\nrecords: {www: {policy: nowhere}}\n"


def test_alive_ready_and_without_a_token(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        alive, ready = await served.get("/healthz"), await served.get("/readyz")
        assert (alive.status, alive.json) == (200, {"alive": True})
        assert (ready.status, ready.json) == (200, {"ready": True, "generation": 1, "degraded": False})

    serve(tmp_path, scenario)


def test_before_the_first_generation_it_is_not_ready_and_says_why(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        ready = await served.get("/readyz")
        assert (ready.status, ready.json["reason"]) == (503, "no generation is published yet")
        assert (await served.get("/healthz")).status == 200

    serve(tmp_path, scenario, zone=BROKEN)


def test_it_is_ready_when_every_worker_says_that_it_serves_the_generation(tmp_path: Path) -> None:
    with channel_ends() as (theirs, ours):

        async def scenario(served: Served) -> None:
            silent = await served.get("/readyz")
            assert (silent.status, silent.json["reason"]) == (503, "worker 0 does not answer")
            worker = StandIn(theirs)
            worker.listen()
            worker.generation = 0
            late = await served.get("/readyz")
            assert (late.status, late.json["reason"]) == (503, "worker 0 serves generation 0, the current one is 1")
            worker.generation = 1
            assert (await served.get("/readyz")).status == 200
            assert (await served.get("/api/v1/status")).rows("workers") == [
                {"worker": 0, "generation": 1, "pid": 4242, "refused": None}
            ]
            worker.close()

        serve(tmp_path, scenario, fds=Fds(channels=(ours,)))


def test_degraded_is_said_but_is_not_unready(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        served.zone.write_text(BROKEN)
        assert (await served.ask("POST", "/api/v1/reload")).status == 422
        ready = await served.get("/readyz")
        assert (ready.status, ready.json["degraded"]) == (200, True)

    serve(tmp_path, scenario)


def test_status_tells_what_is_served_and_from_what(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        status = await served.get("/api/v1/status")
        found = status.json
        assert {key: found[key] for key in ("version", "generation", "degraded", "problems", "isolated")} == {
            "version": __version__, "generation": 1, "degraded": False, "problems": [], "isolated": None,
        }  # fmt: skip
        assert (found["zones"], found["workers"], found["overrides"]) == (1, [], [])
        assert "DB-IP" in str(status.part("database")["attribution"])
        assert [(pool["pool"], pool["members"], pool["up"]) for pool in status.rows("pools")] == [
            ("eu", 2, 1),
            ("us", 1, 1),
        ]

    serve(tmp_path, scenario)


def test_status_names_the_problems_while_degraded(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        status = await served.get("/api/v1/status")
        (problem, *_) = status.rows("problems")
        assert (status.status, status.json["degraded"], status.json["database"]) == (200, True, None)
        assert problem["file"] == str(served.zone)
        assert status.json["degraded_since"] is not None

    serve(tmp_path, scenario, zone=BROKEN)


def test_zones_are_listed_and_shown(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        (row,) = (await served.get("/api/v1/zones")).rows("zones")
        assert (row["zone"], row["names"], row["pools"], row["policies"]) == ("example.com.", 3, 2, 1)
        shown = await served.get("/api/v1/zones/example.com")
        assert shown.json["serial"] == row["serial"]
        assert shown.json["steered"] == {"www.example.com.": "global"}
        assert [pool["pool"] for pool in shown.rows("pools")] == ["eu", "us"]
        assert [policy["policy"] for policy in shown.rows("policies")] == ["global"]

    serve(tmp_path, scenario)


def test_a_zone_is_named_with_or_without_its_dot_and_in_any_case(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        for zone in ("example.com", "example.com.", "EXAMPLE.Com", "%65xample.com"):
            assert (await served.get(f"/api/v1/zones/{zone}")).json["zone"] == "example.com."

    serve(tmp_path, scenario)


def test_members_are_shown_with_their_verdicts(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        members = await served.get(MEMBERS)
        fra1, fra2 = members.rows("members")
        assert (fra1["member"], fra1["weight"], fra1["state"], fra1["up"]) == ("fra1", 3, "up", 1.0)
        assert fra2["state"] == f"drain at {served.zone}:10:7"
        assert isinstance(fra1["addresses"], list)
        assert fra1["addresses"][0] == {
            "address": "192.0.2.10", "verdict": "unknown", "since": None, "detail": "", "took": None, "asked": None,
        }  # fmt: skip
        (iad1,) = (await served.get(MEMBERS.replace("eu", "us"))).rows("members")
        assert (iad1["state"], iad1["addresses"]) == (
            "up (not checked)",
            [{"address": "198.51.100.10", "verdict": None}],
        )

    serve(tmp_path, scenario)


async def seen_partly_up(served: Served) -> dict[str, object]:
    while True:
        fra1 = (await served.get(MEMBERS)).rows("members")[0]
        if fra1["state"] == "partly up":
            return fra1
        await asyncio.sleep(0.05)


def test_members_and_metrics_show_what_probes_found(tmp_path: Path) -> None:
    """One member listens, the other does not."""

    async def scenario(served: Served) -> None:
        async with blurting(b"", at="127.0.0.2") as open_port:
            text = served.zone.read_text().replace("interval: 10s", "interval: 100ms, timeout: 100ms")
            text = text.replace("port: 9", f"port: {open_port}").replace(', AAAA: "2001:db8::10"', "")
            served.zone.write_text(text.replace("[192.0.2.10, 192.0.2.11]", "[127.0.0.2, 127.0.0.3]"))
            assert (await served.ask("POST", "/api/v1/reload")).status == 200
            running = asyncio.create_task(served.control.run())
            fra1 = await seen_partly_up(served)
            assert isinstance(fra1["addresses"], list)
            up, down = fra1["addresses"]
            assert (up["verdict"], up["detail"], down["verdict"]) == ("up", "connected", "down")
            assert down["since"] is not None
            metrics = (await served.get("/metrics")).body.decode()
            assert 'geodns_member_up{member="fra1",pool="eu",zone="example.com."} 0.5' in metrics
            assert 'geodns_probes_total{check="web",outcome="fail",zone="example.com."}' in metrics
            running.cancel()
            await asyncio.wait([running])

    serve(tmp_path, scenario)


def test_explain_tells_why(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        found = await served.get("/api/v1/explain?name=www.example.com&type=A&from=203.0.113.7")
        assert (found.json["answer"], found.json["scope"]) == (["www.example.com. 30 IN A 198.51.100.10"], 24)
        assert found.part("steering")["rule"] == f"{served.zone}:17:9"
        assert (await served.get("/api/v1/explain?name=www.example.com&from=2001:db8::1")).json["type"] == "A"
        found = await served.get("/api/v1/explain?name=www.example.com&place=EU/FR&down=eu,us/iad1")
        assert (found.status, found.json["down"]) == (200, ["eu", "us/iad1"])
        found = await served.get("/api/v1/explain?name=www.example.com&from=10.0.0.1&resolver=203.0.113.7")
        assert (found.json["resolver"], found.part("steering")["effective"]) == ("203.0.113.7", "203.0.113.7")
        assert found.part("steering")["rule"] == f"{served.zone}:17:9"

    serve(tmp_path, scenario)


def test_map_tells_who_answers_whom_now(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        before = await served.get("/api/v1/map?name=www.example.com&type=AAAA")
        assert (before.status, before.json["type"], before.json["generation"]) == (200, "AAAA", 1)
        shares = {str(pool["pool"]): pool["ipv4"] for pool in before.rows("pools")}
        assert shares == {"eu": 1.0, "us": 0.0}
        await served.ask("PUT", FRA1, {"state": "down", "reason": "x"})
        after = await served.get("/api/v1/map?name=www.example.com")
        assert {str(pool["pool"]): pool["ipv4"] for pool in after.rows("pools")} == {"eu": 0.0, "us": 1.0}
        assert after.json["generation"] == 2
        for query, error in (
            ("", "'name' is missing; ask /api/v1/map?name=www.example.com"),
            ("name=ns1.example.com", "no policy answers for ns1.example.com."),
            ("name=www.example.com&type=MX", "policies answer for A and AAAA, and not for MX"),
            ("name=www.example.com&down=ue", "example.com. has no pool 'ue'"),
            ("name=www.example.com&from=192.0.2.1", "unknown parameter 'from'"),
        ):
            found = await served.get(f"/api/v1/map?{query}")
            assert (found.status, found.error[: len(error)]) == (400, error)

    serve(tmp_path, scenario)


BAD_QUESTIONS = [
    ("", "'name' is missing; ask /api/v1/explain?name="),
    ("name=www.example.com", "'from' is missing"),
    ("name=www.example.com&from=here", "'here' is no address; write 192.0.2.1"),
    ("name=a..b&from=192.0.2.1", "a..b A: "),
    ("name=www.example.com&type=NIX&from=192.0.2.1", "www.example.com NIX: "),
    ("name=www.example.com&type=AXFR&from=192.0.2.1", "AXFR is not answered from the table"),
    ("name=www.example.com&from=192.0.2.1&place=EU", "'from' is an address and 'place' stands in for one"),
    ("name=www.example.com&place=Europe", "'Europe' is no continent"),
    ("name=www.example.com&place=EU&down=ue", "example.com. has no pool 'ue'"),
    ("name=www.example.com&from=10.0.0.1&resolver=dns", "'dns' is no address; write 192.0.2.1"),
    ("name=www.example.com&frm=192.0.2.1", "unknown parameter 'frm'; did you mean 'from'?"),
]


def test_explain_says_what_is_wrong_with_the_question(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        for query, error in BAD_QUESTIONS:
            found = await served.get(f"/api/v1/explain?{query}")
            assert (found.status, found.error[: len(error)]) == (400, error)

    serve(tmp_path, scenario)


def test_an_override_holds_until_it_is_taken_back(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        put = await served.ask("PUT", FRA1, {"state": "drain", "reason": "new kernel", "expires": "2h"})
        assert (put.status, put.json["generation"]) == (200, 2)
        assert put.part("member")["state"] == "drain by local: new kernel"
        override = (await served.get(MEMBERS)).rows("members")[0]["override"]
        assert isinstance(override, dict)
        assert (override["state"], override["author"], override["reason"]) == ("drain", "local", "new kernel")
        assert "Z" in override["expires"]
        (listed,) = (await served.get("/api/v1/status")).rows("overrides")
        assert (listed["zone"], listed["pool"], listed["member"]) == ("example.com.", "eu", "fra1")
        back = await served.ask("DELETE", FRA1)
        assert (back.status, back.part("member")["override"], back.part("member")["state"]) == (200, None, "up")
        again = await served.ask("DELETE", FRA1)
        assert (again.status, again.error) == (404, "nobody has overridden eu/fra1 in example.com.")

    serve(tmp_path, scenario)


def test_an_override_changes_the_answers_before_the_reply_comes(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        ask = "/api/v1/explain?name=www.example.com&from=192.0.2.1"
        assert (await served.get(ask)).part("steering")["pool"] == "eu"
        await served.ask("PUT", FRA1, {"state": "down", "reason": "on fire"})
        assert (await served.get(ask)).part("steering")["pool"] == "us"

    serve(tmp_path, scenario)


def test_an_override_that_cannot_be_kept_is_refused_with_the_reason(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        rmtree(served.control.folder.path)
        put = await served.ask("PUT", FRA1, {"state": "drain", "reason": "new kernel"})
        assert put.status == 503
        assert "the state folder cannot be written (No such file or directory)" in put.error

    serve(tmp_path, scenario)


def test_the_override_of_a_member_that_went_away_can_be_taken_back(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        await served.ask("PUT", FRA1, {"state": "drain", "reason": "to be removed"})
        served.zone.write_text(ZONE.replace("fra1:", "fra3:"))
        assert (await served.ask("POST", "/api/v1/reload")).status == 200
        back = await served.ask("DELETE", FRA1)
        assert (back.status, back.json["member"]) == (200, None)
        assert served.control.orders.overrides == {}

    serve(tmp_path, scenario)


def test_a_reload_tells_of_warnings_and_of_problems(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        good = await served.ask("POST", "/api/v1/reload")
        assert (good.status, good.json["generation"]) == (200, 2)
        assert any("name server" in str(warning["message"]) for warning in good.rows("warnings"))
        served.zone.write_text(ZONE.replace("weight", "wieght"))
        bad = await served.ask("POST", "/api/v1/reload")
        assert (bad.status, bad.error) == (422, "1 problem; generation 2 goes on")
        assert bad.rows("problems") == [
            {
                "file": str(served.zone),
                "line": 9,
                "column": 65,
                "message": "unknown key 'wieght'; did you mean 'weight'?",
            }
        ]

    serve(tmp_path, scenario)


NOT_THERE = [
    ("/api/v1/zones/exmaple.com", "there is no zone 'exmaple.com'; did you mean 'example.com.'?"),
    ("/api/v1/zones/a..b", "there is no such zone: 'a..b' has an empty label"),
    ("/api/v1/zones/example.com/pools/ue/members", "there is no pool 'ue' in example.com.; known: eu, us"),
    ("/api/v1/zones/org/pools/eu/members", "there is no zone 'org'; known: example.com."),
    ("/api/v2", "there is nothing at /api/v2; the API begins at /api/v1/status"),
]


def test_what_is_not_there_is_said_with_what_is(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        for path, error in NOT_THERE:
            found = await served.get(path)
            assert (found.status, found.error) == (404, error)

    serve(tmp_path, scenario)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_member_that_is_not_there_cannot_be_overridden(tmp_path: Path, method: str) -> None:
    async def scenario(served: Served) -> None:
        order = {"state": "drain", "reason": "x"} if method == "PUT" else None
        found = await served.ask(method, f"{MEMBERS}/fra9/override", order)
        assert found.status == 404
        assert found.error.startswith("there is no member 'fra9' in pool eu of example.com.; did you mean 'fra")

    serve(tmp_path, scenario)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/zones"),
        ("GET", "/api/v1/zones/example.com"),
        ("GET", MEMBERS),
        ("PUT", FRA1),
        ("DELETE", FRA1),
        ("GET", "/api/v1/explain?name=www.example.com&from=192.0.2.1"),
    ],
)
def test_without_a_good_configuration_there_is_nothing_to_show(tmp_path: Path, method: str, path: str) -> None:
    async def scenario(served: Served) -> None:
        found = await served.ask(method, path)
        assert found.status == 503
        assert found.error.startswith("degraded: there is no good configuration")

    serve(tmp_path, scenario, zone=BROKEN)
