"""Names outside in a running control: asked for ahead, kept fresh, published when they change, kept over restarts."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from geodns.admin.status import status_view
from geodns.cli.glance import status_text
from geodns.cli.paint import Paint
from geodns.cli.shapes import Status, shaped
from geodns.control.control import Control
from geodns.control.folder import StateFolder
from geodns.control.outside import OutsideBook, users_of
from geodns.model.name import parse_name
from geodns.model.pool import PoolName
from geodns.model.serial import is_newer
from geodns.table.image import TRANSFERS
from geodns.table.layout import KIND_TRANSFERS
from geodns.table.part import open_part
from geodns.table.transfers import read_transfers
from tests.control.place import Place, run
from tests.control.waiting import until
from tests.copies import records_in
from tests.upstream import Upstream, upstream
from tests.values import member, of_pools, outside, policy, pool, rule, zone
from tests.world import Client, addresses, outcome

ZONE = """\
zone: example.com
records:
  "@": {NS: [ns1, ns2], MX: 10 ns1, ALIAS: lb.example.net.}
  ns1: {A: 192.0.2.53}
  ns2: {A: 192.0.2.54}
"""
A, AAAA = "lb.example.net. A", "lb.example.net. AAAA"


def a(*found: str, ttl: int = 300) -> list[str]:
    return [f"lb.example.net. {ttl} IN A {address}" for address in found]


def served(control: Control, rtype: str = "A") -> set[str]:
    """Addresses, or what comes instead of them."""
    assert control.edition is not None
    reply = Client(control.edition.table).ask("example.com.", rtype)
    return set(addresses(reply)) or {outcome(reply)}


class Here(Place):
    """A place whose zone leads to a name that `says` tells of."""

    def __init__(self, folder: Path, answering: Upstream, **settings: float) -> None:
        super().__init__(folder)
        self.zone.write_text(ZONE)
        self.says = answering.says
        self.asked = answering.asked
        self.settings = replace(self.settings, **settings)  # type: ignore[arg-type]


@asynccontextmanager
async def here(folder: Path, **settings: float) -> AsyncIterator[Here]:
    async with upstream() as (answering, where):
        answering.says |= {A: a("192.0.2.8"), AAAA: "NODATA"}
        place = Here(folder, answering, **settings)
        place.settings = replace(place.settings, resolvers=(where,))
        yield place


@asynccontextmanager
async def running(control: Control) -> AsyncIterator[None]:
    await control.start()
    task = asyncio.create_task(control.run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def due(control: Control) -> None:
    """All questions' times are over."""
    book = control.outside
    book._courses = {key: replace(each, good_until=0.0, ask_at=0.0) for key, each in book._courses.items()}
    book._stirred.set()


def test_the_very_first_answers_have_the_addresses(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path) as place:
            control = place.control(first_verdicts=5)
            await control.start()
            assert served(control) == {"192.0.2.8"}
            assert served(control, "AAAA") == {"NODATA"}
            assert place.asked == {A: 1, AAAA: 1}

    run(scenario)


def test_where_resolvers_are_slow_it_is_servfail_until_they_have_answered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path) as place:
            place.says[A] = None
            control = place.control(first_verdicts=0.2)
            async with running(control):
                assert served(control) == {"SERVFAIL"}
                place.says[A] = a("192.0.2.8")
                await until(lambda: served(control) == {"192.0.2.8"})

    run(scenario)


def test_other_addresses_are_published_with_plans_alone_and_equal_ones_are_not(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path) as place:
            control = place.control(first_verdicts=5)
            async with running(control):
                assert control.edition is not None
                names, generation = control.edition.parts["names"], control.publisher.generation
                place.says[A] = a("192.0.2.9", "192.0.2.8", ttl=200)
                due(control)
                await until(lambda: served(control) == {"192.0.2.8", "192.0.2.9"})
                assert control.edition.parts["names"] is names
                assert control.publisher.generation == generation + 1
                asked = place.asked[A]
                place.says[A] = a("192.0.2.8", "192.0.2.9", ttl=190)  # in another order, from a cache
                due(control)
                await until(lambda: place.asked[A] > asked and not control.outside._under_way)
                await asyncio.sleep(0.05)
                assert control.publisher.generation == generation + 1

    run(scenario)


def test_a_name_that_fails_keeps_its_addresses_over_a_restart_until_they_are_too_old(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path, serve_stale=3600.0) as place:
            control = place.control(first_verdicts=5)
            async with running(control):
                assert served(control) == {"192.0.2.8"}
            place.says |= {A: "SERVFAIL", AAAA: "SERVFAIL"}
            document = json.loads((place.state.path / "outside.json").read_text())
            assert document[A]["addresses"] == ["192.0.2.8"]
            control = place.control(first_verdicts=5)
            async with running(control):
                assert served(control) == {"192.0.2.8"}
                known = control.outside._courses
                stale = next(iter(known.values())).good_until
                due(control)
                await until(lambda: control.outside.outcomes["failed"] >= 2)
                # Since `due` their time is long over; so they are more than an hour too old.
                await until(lambda: served(control) == {"SERVFAIL"})
                assert stale > 0
                place.says[A] = a("192.0.2.7")
                due(control)
                await until(lambda: served(control) == {"192.0.2.7"})

    run(scenario)


def test_a_stale_answer_goes_on_with_a_short_ttl_and_status_says_since_when(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path, serve_stale=1e10) as place:
            control = place.control(first_verdicts=5)
            async with running(control):
                place.says |= {A: "REFUSED", AAAA: "REFUSED"}
                due(control)
                await until(lambda: "stale since" in text(control))
                await until(lambda: ttl(control) == 30)
                assert served(control) == {"192.0.2.8"}
                (row,) = [line for line in text(control).splitlines() if line.startswith("ALIAS lb.example.net. A ")]
                assert "192.0.2.8, ttl 30" in row
                assert "says REFUSED" in row

    run(scenario)


def text(control: Control) -> str:
    status = shaped(Status, json.loads(json.dumps(status_view(control, 1_800_000_000.0))))
    return status_text(status, lambda _: (), Paint(StringIO(), {}))


def ttl(control: Control) -> int:
    assert control.edition is not None
    return Client(control.edition.table).ask("example.com.").answer[0].ttl


def test_a_name_that_a_reload_leaves_out_is_asked_for_no_more(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path) as place:
            control = place.control(first_verdicts=5)
            async with running(control):
                place.zone.write_text(ZONE.replace("lb.example.net.", "other.example.net."))
                place.says |= {"other.example.net. A": ["other.example.net. 60 IN A 192.0.2.77"]}
                assert (await control.reload()).ok
                assert served(control) == {"192.0.2.77"}
                asked = place.asked[A]
                due(control)
                await until(lambda: place.asked["other.example.net. A"] >= 2)
                assert place.asked[A] == asked

    run(scenario)


def test_a_name_that_is_left_out_before_it_is_asked_for_is_no_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with upstream() as (_, where):
            folder = StateFolder(tmp_path)
            folder.lock()
            book = OutsideBook(folder)
            led = zone(pools=[pool("out", outside("lb", "lb.example.net."))])
            book.watch([led], (where,), 60)
            asking = asyncio.create_task(book.get_to_know(5))
            await asyncio.sleep(0)
            book.watch([], (where,), 60)
            await asking

    run(scenario)
    assert "a fault" not in caplog.text


def test_an_answer_that_the_disk_refuses_is_published_when_it_takes_it(tmp_path: Path, monkeypatch: object) -> None:
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.setattr("geodns.control.outside.RETRY", 0.05)

    async def scenario() -> None:
        async with here(tmp_path) as place:
            control = place.control(first_verdicts=5)
            async with running(control):
                place.block()
                place.says[A] = a("192.0.2.9")
                due(control)
                await asyncio.sleep(0.3)
                assert served(control) == {"192.0.2.8"}
                place.unblock()
                await until(lambda: served(control) == {"192.0.2.9"})

    run(scenario)


def test_users_are_the_pools_with_the_name_and_our_names_that_lead_to_them() -> None:
    lb = pool("lb", outside("lb", "lb.example.net."))
    own = pool("own", member("one", "192.0.2.1"))
    made = of_pools("made", (lb, 1), (own, 1))
    policies = [policy(rule("made"), name="made"), policy(rule("own"), name="own", fallback="lb"), policy(rule("own"))]
    steered = {"www": "made", "api": "own", "other": "global"}
    users = users_of([zone(steered=steered, pools=[lb, own, made], policies=policies)])
    origin = parse_name("example.com.")
    assert users.keys() == {parse_name("lb.example.net.")}
    (found,) = users.values()
    assert found.pools == {(origin, PoolName("lb")), (origin, PoolName("made"))}
    assert found.owners == {parse_name("www.example.com."), parse_name("api.example.com.")}


# ── copies of zones ───────────────────────────────────────────────────────────────────────────────────────────────

COPIED = f"{ZONE}transfer: {{allow: 0.0.0.0/0, policies: {{place: EU/DE}}}}\n"
ORIGIN = parse_name("example.com.")


def in_copies(control: Control) -> tuple[int, set[str]]:
    """The serial, and what the zone's own name has there."""
    assert control.edition is not None
    transfers = read_transfers(open_part(memoryview(control.edition.parts[TRANSFERS]), KIND_TRANSFERS))
    copied = transfers.zones[ORIGIN]
    return copied.serial, {
        data for name, rtype, data, _ in records_in(copied.run) if rtype in ("A", "AAAA") and name == "example.com."
    }


def test_copies_have_the_addresses_and_a_new_serial_with_others(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path) as place:
            place.zone.write_text(COPIED)
            control = place.control(first_verdicts=5, renewed=0)
            async with running(control):
                first, found = in_copies(control)
                assert found == {"192.0.2.8"}
                place.says[A] = a("192.0.2.9", "192.0.2.8", ttl=200)
                due(control)
                await until(lambda: in_copies(control)[1] == {"192.0.2.8", "192.0.2.9"})
                second, _ = in_copies(control)
                assert is_newer(second, first)
                assert control.edition is not None
                (soa,) = Client(control.edition.table).ask("example.com.", "SOA").answer
                assert soa[0].serial == second
                asked = place.asked[A]
                place.says[A] = a("192.0.2.8", "192.0.2.9", ttl=900)  # in another order, and for longer
                due(control)
                await until(lambda: place.asked[A] > asked and not control.outside._under_way)
                await asyncio.sleep(0.1)
                assert in_copies(control)[0] == second

    run(scenario)


def test_addresses_that_change_all_the_time_make_no_more_serials_than_one_in_a_while(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path) as place:
            place.zone.write_text(COPIED)
            control = place.control(first_verdicts=5, renewed=600)
            async with running(control):
                serials = {in_copies(control)[0]}
                for number in range(10, 13):
                    place.says[A] = a(f"192.0.2.{number}")
                    due(control)
                    await until(lambda number=number: served(control) == {f"192.0.2.{number}"})  # type: ignore[misc]
                    serials.add(in_copies(control)[0])
                assert len(serials) <= 2

    run(scenario)


def test_while_the_configuration_has_problems_copies_stay_as_they_are_until_it_is_mended(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with here(tmp_path) as place:
            place.zone.write_text(COPIED)
            control = place.control(first_verdicts=5, renewed=0)
            async with running(control):
                before = in_copies(control)
                place.zone.write_text("zoen: example.com")
                assert not (await control.reload()).ok
                place.says[A] = a("192.0.2.9")
                due(control)
                await until(lambda: served(control) == {"192.0.2.9"})
                await asyncio.sleep(0.1)
                assert in_copies(control) == before
                place.zone.write_text(COPIED)
                assert (await control.reload()).ok
                assert in_copies(control)[1] == {"192.0.2.9"}

    run(scenario)
