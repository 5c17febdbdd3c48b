"""/metrics, read by Prometheus' own parser."""

from ipaddress import ip_address
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from geodns import __version__
from geodns.admin import families
from geodns.admin.metrics import text_form
from geodns.answer import cells, rcode
from geodns.answer.speed import SPEED
from geodns.control.totals import Totals
from geodns.geo.embedded import embedded
from geodns.model.check import Result, Target
from geodns.serve.counts import Event
from tests import values
from tests.admin.served import FRA1, ZONE, Fds, Served, serve
from tests.admin.standins import Ledger, shared_memory

Samples = dict[tuple[str, ...], float]  # by name and the labels' values, sorted by label

BROKEN = "zone: example.com\n"


def parse(text: str) -> Samples:
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = (sample.name, *(sample.labels[label] for label in sorted(sample.labels)))
            assert key not in found, "a sample stands here twice"
            found[key] = sample.value
    return found


async def samples(served: Served) -> Samples:
    reply = await served.get("/metrics")
    assert (reply.status, reply.headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    return parse(reply.body.decode())


def test_what_workers_counted_is_told_by_zone_type_outcome_and_member(tmp_path: Path) -> None:
    with shared_memory() as one, shared_memory() as other:
        first, second = Ledger(one), Ledger(other)
        first.ask(1, 1, rcode.NOERROR)
        second.ask(1, 1, rcode.NOERROR)
        second.ask(1, 28, rcode.NOERROR, denied=1)
        second.ask(0, 1, rcode.REFUSED)
        first.pick(1, 3)
        second.pick(3, 4)
        first.counts[cells.DROPPED] += 2
        first.counts[cells.FAULTS] += 1
        second.counts[cells.TRUNCATED] += 5
        second.events.add(Event.CONNECTED, 6)
        first.counts[cells.LIMITED + cells.MISSING * cells.FATE_COUNT + cells.SLIPPED] += 8
        second.counts[cells.LIMITED + cells.TOTAL * cells.FATE_COUNT + cells.SPARED] += 9

        async def scenario(served: Served) -> None:
            found = await samples(served)
            assert {key: value for key, value in found.items() if key[0] == "geodns_queries_total"} == {
                ("geodns_queries_total", "NOERROR", "A", "example.com."): 2.0,
                ("geodns_queries_total", "NODATA", "AAAA", "example.com."): 1.0,
                ("geodns_queries_total", "REFUSED", "A", "none"): 1.0,
            }
            assert {key: value for key, value in found.items() if key[0] == "geodns_answers_total"} == {
                ("geodns_answers_total", "fra1", "eu", "example.com."): 3.0,
                ("geodns_answers_total", "iad1", "us", "example.com."): 4.0,
            }
            names = ("dropped", "truncated", "faults")
            assert [found[f"geodns_{name}_total",] for name in names] == [2.0, 5.0, 1.0]
            assert found["geodns_events_total", "connected"] == 6.0
            limited = {key[1:]: value for key, value in found.items() if key[0] == "geodns_rate_limited_total"}
            assert {key: value for key, value in limited.items() if value} == {
                ("missing", "slipped"): 8.0,
                ("total", "dry_run"): 9.0,
            }
            assert len(limited) == 4 * 3

        serve(tmp_path, scenario, fds=Fds(memories=(one, other)))


def test_members_are_up_as_far_as_health_and_operators_let_them(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        before = await samples(served)
        await served.ask("PUT", FRA1, {"state": "down", "reason": "on fire"})
        after = await samples(served)
        fra1 = ("fra1", "eu", "example.com.")
        assert (before["geodns_member_up", *fra1], after["geodns_member_up", *fra1]) == (1.0, 0.0)
        assert after["geodns_member_up", "fra2", "eu", "example.com."] == 0.0
        assert after["geodns_member_up", "iad1", "us", "example.com."] == 1.0
        # Health is told apart from what operators want, and only where there is a check.
        assert after["geodns_address_up", "192.0.2.10", *fra1] == 1.0
        assert not [key for key in after if key[:2] == ("geodns_address_up", "198.51.100.10")]
        assert after["geodns_override_active", "fra1", "eu", "down", "example.com."] == 1.0
        assert not [key for key in before if key[0] == "geodns_override_active"]
        assert (before["geodns_generation",], after["geodns_generation",]) == (1.0, 2.0)

    serve(tmp_path, scenario)


def test_how_stale_the_answers_are_is_told_while_degraded(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        good = await samples(served)
        served.zone.write_text(BROKEN)
        await served.ask("POST", "/api/v1/reload")
        assert served.control.degraded_since is not None
        gathered = served.metrics.gather(served.control, served.control.degraded_since + 60)
        assert (good["geodns_stale_seconds",], good["geodns_config_ok",]) == (0.0, 1.0)
        assert [family.samples[0].value for family in gathered if family.name == "geodns_stale_seconds"] == [60.0]
        assert (await samples(served))["geodns_config_ok",] == 0.0
        served.zone.write_text(ZONE)
        await served.ask("POST", "/api/v1/reload")
        mended = await samples(served)
        assert (mended["geodns_stale_seconds",], mended["geodns_config_ok",]) == (0.0, 1.0)

    serve(tmp_path, scenario)


def test_started_degraded_the_totals_are_still_there(tmp_path: Path) -> None:
    async def nothing(_: Served) -> None: ...

    serve(tmp_path, nothing)  # leaves a generation behind
    with shared_memory() as fd:
        Ledger(fd).ask(1, 1, rcode.NOERROR)
        Ledger(fd).pick(1, 2)

        async def scenario(served: Served) -> None:
            found = await samples(served)
            assert (served.control.edition, found["geodns_generation",], found["geodns_config_ok",]) == (None, 1.0, 0.0)
            assert found["geodns_queries_total", "NOERROR", "A", "example.com."] == 1.0
            assert found["geodns_answers_total", "fra1", "eu", "example.com."] == 2.0
            assert not [key for key in found if key[0] in ("geodns_member_up", "geodns_database_age_seconds")]

        serve(tmp_path, scenario, zone=BROKEN, fds=Fds(memories=(fd,)))


def test_probes_are_told_as_counts_and_as_a_histogram(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        target = Target(values.check(), ip_address("192.0.2.1"))
        for ok, took in ((True, 0.02), (False, 3.0)):
            served.metrics.hear(Result(target, ok, took, ""))
        found = await samples(served)
        check = ("web", "example.com.")
        assert found["geodns_probes_total", "web", "fail", "example.com."] == 1.0
        assert found["geodns_probe_duration_seconds_count", *check] == 2.0
        assert found["geodns_probe_duration_seconds_sum", *check] == 3.02
        assert found["geodns_probe_duration_seconds_bucket", "web", "0.025", "example.com."] == 1.0
        assert found["geodns_probe_duration_seconds_bucket", "web", "+Inf", "example.com."] == 2.0

    serve(tmp_path, scenario)


def test_the_build_and_the_database_are_named(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        found = await samples(served)
        assert found["geodns_build_info", SPEED, __version__] == 1.0
        assert found["geodns_database_age_seconds", embedded().name] > 0

    serve(tmp_path, scenario)


@pytest.mark.parametrize("zone", ['we\\"ird.', "back\\\\slash.", "new\\010line.", "ümlaut."])
def test_labels_come_back_as_they_were(zone: str) -> None:
    totals = Totals(
        questions={(zone, "A", "NOERROR"): 1},
        answers={"other": 2},
        limited={},
        dropped=0,
        truncated=0,
        faults=0,
        events={},
        transports={},
    )
    text = text_form(families.of_totals(totals)).decode()
    found = parse(text)
    assert found["geodns_queries_total", "NOERROR", "A", zone] == 1.0
    assert found["geodns_answers_total", "other", "other", "other"] == 2.0
