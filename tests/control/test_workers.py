"""Control's side of the channels, with stand-ins for workers at the other ends of real socket pairs."""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from ipaddress import ip_address

import pytest

from geodns.control.workers import Word, Workers
from geodns.model.name import Name, parse_name
from geodns.model.place import Address
from geodns.serve.channel import Channel
from geodns.serve.messages import Ask, Message, Notified, Publish, Refused, Serving
from tests.admin.standins import StandIn, channel_ends
from tests.control.waiting import PATIENCE, until

ORG, KEY = parse_name("example.org."), parse_name("copies.example.")


def run(scenario: Callable[[Workers, list[int]], Coroutine[None, None, None]], count: int = 2) -> None:
    """`scenario(workers, the workers' own ends)`."""

    async def bounded() -> None:
        with ExitStack() as stack:
            ends = [stack.enter_context(channel_ends()) for _ in range(count)]
            workers = Workers([ours for _, ours in ends])
            workers.listen()
            try:
                async with asyncio.timeout(PATIENCE):
                    await scenario(workers, [theirs for theirs, _ in ends])
            finally:
                workers.close()

    asyncio.run(bounded())


def heard(fd: int) -> list[Message]:
    channel = Channel(fd)
    try:
        return list(channel.messages())
    finally:
        channel.close()


def say(fd: int, *messages: Message) -> None:
    channel = Channel(fd)
    for message in messages:
        assert channel.send(message)
    channel.close()


def test_what_is_published_is_heard_by_every_worker() -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        workers.publish(4)
        workers.publish(5)
        assert [heard(fd) for fd in ends] == [[Publish(4), Publish(5)]] * 2

    run(scenario)


@pytest.mark.parametrize(
    ("serving", "asked", "served"),
    [
        ((5, 5), 5, True),
        ((5, 6), 5, True),  # a later one has the earlier one in it
        ((5, 4), 5, False),
        ((0, 0), 1, False),
        ((5, None), 5, False),  # one says nothing
    ],
)
def test_all_serve_a_generation_only_when_each_says_so_now(
    serving: tuple[int, int | None], asked: int, served: bool
) -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        standins = [StandIn(fd) for fd in ends]
        for standin, generation in zip(standins, serving, strict=True):
            standin.generation = generation
            standin.listen()
        try:
            assert await workers.all_serve(asked) is served
        finally:
            for standin in standins:
                standin.close()

    run(scenario)


def test_what_a_worker_said_before_is_no_answer_to_a_question_now() -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        say(ends[0], Serving(5, 4711))
        await until(lambda: workers.words[0].generation == 5)
        assert not await workers.all_serve(5)
        assert heard(ends[0]) == [Ask()]

    run(scenario, count=1)


def test_without_workers_all_of_them_serve() -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        assert await workers.all_serve(5)

    run(scenario, count=0)


def test_a_worker_that_is_gone_does_not_keep_the_others_from_hearing() -> None:
    """The keeper is gone too then, and with it the other end; but until control ends, nothing may break."""

    async def scenario(workers: Workers, ends: list[int]) -> None:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, ends[0])
        os.close(null)
        workers.publish(5)
        assert heard(ends[1]) == [Publish(5)]

    run(scenario)


def test_the_last_word_of_each_worker_is_kept() -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        assert workers.words == (Word(), Word())
        say(ends[1], Serving(4, 4711), Serving(5, 4712))
        await until(lambda: workers.words[1].generation == 5)
        assert workers.words[0] == Word()
        assert (workers.words[1].pid, workers.words[1].refused) == (4712, "")

    run(scenario)


def test_a_refusal_is_told_and_kept_until_the_worker_serves_another_generation(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        say(ends[0], Serving(4, 4711), Refused(5, "the checksum does not fit"))
        await until(lambda: bool(workers.words[0].refused))
        refusal = workers.words[0]
        assert (refusal.generation, refusal.pid, refusal.refused) == (4, 4711, "the checksum does not fit")
        say(ends[0], Serving(6, 4711))
        await until(lambda: workers.words[0].generation == 6)
        assert workers.words[0].refused == ""

    with caplog.at_level(logging.ERROR):
        run(scenario)
    assert "worker 0 refused generation 5: the checksum does not fit" in caplog.text


def test_what_is_not_for_a_worker_to_say_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        say(ends[0], Publish(9), Ask(), Serving(5, 4711))
        await until(lambda: workers.words[0].generation == 5)

    run(scenario)
    assert "worker 0 said Publish(generation=9), which is for control to say" in caplog.text


def test_a_front_is_told_too_but_nobody_waits_for_it() -> None:
    async def bounded() -> None:
        with channel_ends() as (theirs, ours), channel_ends() as (front_theirs, front_ours):
            workers = Workers([ours], [front_ours])
            workers.listen()
            worker = StandIn(theirs)
            worker.generation = 7
            worker.listen()
            try:
                async with asyncio.timeout(PATIENCE):
                    workers.publish(7)
                    assert heard(front_theirs) == [Publish(7)]
                    assert await workers.all_serve(7), "though the front says nothing"
                    say(front_theirs, Serving(7, 4243))
                    await until(lambda: workers.front_words[0].pid == 4243)
                    assert [word.pid for word in workers.words] == [4242]
            finally:
                worker.close()
                workers.close()

    asyncio.run(bounded())


def test_word_of_a_change_is_handed_on() -> None:
    async def scenario(workers: Workers, ends: list[int]) -> None:
        told: list[tuple[Name, Address, Name | None]] = []
        workers.take_notice = lambda *what: told.append(what)
        say(ends[0], Notified(ORG.hex(), "192.0.2.53", ""), Notified(ORG.hex(), "2001:db8::53", KEY.hex()))
        await until(lambda: len(told) == 2)
        assert told == [(ORG, ip_address("192.0.2.53"), None), (ORG, ip_address("2001:db8::53"), KEY)]

    run(scenario)
