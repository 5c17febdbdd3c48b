"""The prober at work: real time and a real loop, but members that are values."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection

import pytest

from geodns.model.check import Heard, Probe, ProbeFailed, Result, Target
from geodns.model.place import Address
from geodns.probe import Tcp
from geodns.probe.prober import Prober, ask, default_slots, is_our_silence
from tests.control.waiting import until
from tests.probe.asking import target
from tests.probe.servers import blurting, closed_port


class Member:
    """A probe that does what a test says, and counts."""

    def __init__(self, behave: Callable[[], Awaitable[str]]) -> None:
        self.behave = behave
        self.running = 0
        self.most = 0
        self.asked = 0
        self.begun = asyncio.Event()

    async def ask(self, address: Address) -> Heard:
        self.asked += 1
        self.begun.set()
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            return Heard(await self.behave())
        finally:
            self.running -= 1


async def fine() -> str:
    await asyncio.sleep(0)
    return "fine"


async def stuck() -> str:
    await asyncio.Event().wait()
    return "never"


async def broken() -> str:
    raise KeyError("a fault of ours")


async def refusing() -> str:
    raise ProbeFailed("connection refused")


def often(probe: Probe, address: str = "192.0.2.1", timeout: float = 3.0) -> Target:
    return target(probe, address, interval=0.01, timeout=timeout)


async def results(targets: Collection[Target], enough: int, slots: int | None = None) -> list[Result]:
    """Lets a prober run until it has reported so much."""
    reported: list[Result] = []
    done = asyncio.Event()

    def report(result: Result) -> None:
        reported.append(result)
        if len(reported) >= enough:
            done.set()

    prober = Prober(report, slots=slots)
    prober.watch(targets)
    await _until(done, prober)
    return reported


async def _until(done: asyncio.Event, prober: Prober) -> None:
    running = asyncio.create_task(prober.run())
    try:
        async with asyncio.timeout(10):
            await done.wait()
    finally:
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()


@pytest.mark.parametrize(
    ("behave", "outcome"),
    [
        (fine, (True, "fine")),
        (refusing, (False, "connection refused")),
        (stuck, (False, "timed out after 0.01 s")),
        (broken, (False, "probe broke: KeyError: 'a fault of ours'")),
    ],
)
def test_whatever_a_probe_does_is_an_outcome(behave: Callable[[], Awaitable[str]], outcome: tuple[bool, str]) -> None:
    ok, heard = asyncio.run(ask(often(Member(behave), timeout=0.01)))
    assert (ok, heard.detail) == outcome


def test_every_target_is_reported_again_and_again() -> None:
    good, bad = often(Member(fine)), often(Member(refusing), "192.0.2.2")
    reported = asyncio.run(results([good, bad], 20))
    assert {(each.target, each.ok) for each in reported} == {(good, True), (bad, False)}
    assert all(each.took >= 0 for each in reported)


def test_a_probe_that_breaks_does_not_end_the_others() -> None:
    good, bad = often(Member(fine)), often(Member(broken), "192.0.2.2")
    reported = asyncio.run(results([good, bad], 20))
    assert sum(each.target == good for each in reported) > 3


def test_a_target_is_never_asked_twice_at_once() -> None:
    slow = Member(stuck)
    asyncio.run(results([often(slow, timeout=0.05)], 3))
    assert slow.most == 1


def test_no_more_probes_run_at_once_than_there_are_slots() -> None:
    slow = Member(stuck)
    targets = [often(slow, f"192.0.2.{number}", timeout=0.02) for number in range(1, 11)]
    asyncio.run(results(targets, 20, slots=3))
    assert slow.most == 3


def test_targets_can_be_replaced_while_it_runs() -> None:
    async def flow() -> None:
        reported: list[Target] = []
        seen = asyncio.Event()
        first, second = often(Member(fine)), often(Member(fine), "192.0.2.2")

        def report(result: Result) -> None:
            reported.append(result.target)
            if result.target == first:
                prober.watch([second])
            else:
                seen.set()

        prober = Prober(report)
        running = asyncio.create_task(_until(seen, prober))
        await asyncio.sleep(0)  # it waits, with nobody to ask
        prober.watch([first])
        await running
        assert reported == [first, second]

    asyncio.run(flow())


def test_what_is_under_way_for_a_target_that_left_is_not_reported() -> None:
    async def flow() -> None:
        hanging, other = Member(stuck), often(Member(fine), "192.0.2.2")
        reported: list[Target] = []
        done = asyncio.Event()

        def report(result: Result) -> None:
            reported.append(result.target)
            if len(reported) >= 10:
                done.set()

        prober = Prober(report)
        prober.watch([often(hanging, timeout=0.05)])
        running = asyncio.create_task(_until(done, prober))
        await hanging.begun.wait()
        prober.watch([other])
        await running
        assert set(reported) == {other}
        assert (hanging.asked, repr(prober).startswith("<Prober 0 under way, <Schedule 1 targets")) == (1, True)

    asyncio.run(flow())


def test_ending_it_ends_the_probes_under_way() -> None:
    async def flow() -> None:
        hanging = Member(stuck)
        prober = Prober(lambda result: None)
        prober.watch([often(hanging)])
        running = asyncio.create_task(prober.run())
        await hanging.begun.wait()
        running.cancel()
        await asyncio.wait([running])
        assert (running.cancelled(), hanging.running) == (True, 0)

    asyncio.run(flow())


def test_it_tells_members_that_listen_from_those_that_do_not() -> None:
    async def flow() -> None:
        async with blurting(b"", at="127.0.0.2") as port, blurting(b"", at="::1") as port6:
            up = often(Tcp(port=port), "127.0.0.2")
            up6 = often(Tcp(port=port6), "::1")
            down = often(Tcp(port=await closed_port()), "127.0.0.1")
            reported = await results([up, up6, down], 12)
        assert {(each.target, each.detail) for each in reported} == {
            (up, "connected"),
            (up6, "connected"),
            (down, "connection refused"),
        }

    asyncio.run(flow())


def test_half_of_the_open_files_are_left_to_others() -> None:
    assert 1 <= default_slots() <= 4000


def test_who_did_not_answer_at_once_gives_the_slot_back_and_may_be_asked_again() -> None:
    async def scenario() -> None:
        member = Member(stuck)
        prober = Prober(lambda _: None, slots=1)
        prober.watch([often(member)])
        for _ in range(3):
            await prober.ask_once([often(member)], 0.02)
        assert (member.asked, member.running) == (3, 0)

    asyncio.run(scenario())


def test_who_is_being_asked_in_the_rhythm_is_not_asked_beside_it() -> None:
    async def scenario() -> None:
        member = Member(stuck)
        prober = Prober(lambda _: None, slots=4)
        prober.watch([often(member)])
        running = asyncio.create_task(prober.run())
        await member.begun.wait()
        await prober.ask_once([often(member)], 0.02)
        assert (member.asked, member.most) == (1, 1)
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("sentence", "took", "held_up", "ours"),
    [
        ("a timeout while we ran freely is the member's", 3.0, 0.2, False),
        ("one while we stood still is ours", 3.1, 2.5, True),
        ("half of the time is much", 3.0, 1.5, True),
        ("an answer that came in time counts, however slow we were", 2.0, 2.0, False),
    ],
)
def test_silence_while_we_were_held_up_says_nothing(sentence: str, took: float, held_up: float, ours: bool) -> None:
    assert is_our_silence(took, held_up, 3.0) is ours, sentence


def test_timeouts_of_a_host_without_cpu_are_told_but_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    async def flow() -> None:
        reported: list[Result] = []
        # By this clock every wait is twenty times as long as it was to be.
        prober = Prober(reported.append, clock=lambda: 20 * time.monotonic())
        silent, refused = Member(stuck), Member(refusing)
        prober.watch(
            [target(silent, interval=0.1, timeout=0.6), target(refused, "192.0.2.2", interval=0.1, timeout=0.6)]
        )
        running = asyncio.create_task(prober.run())
        await until(lambda: prober.passed_over >= 2 and bool(reported))
        running.cancel()
        await asyncio.wait([running])
        assert {each.detail for each in reported} == {"connection refused"}

    asyncio.run(flow())
    assert caplog.text.count("too little CPU to probe in time: 1 timeouts so far were this host's") == 1
