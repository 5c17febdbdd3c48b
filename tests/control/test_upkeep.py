"""What control tells workers beside generations, and when it does not."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from geodns.answer.cells import HEARTBEAT, MAKER, ROTATION_SIZE
from geodns.control.upkeep import Upkeep
from geodns.serve.shared import Shared, secret_at


@dataclass
class Followed:
    follows_health: bool = True
    secrets: Sequence[bytes] | None = ()


@pytest.fixture
def rotation() -> Iterator[int]:
    fd = os.memfd_create("rotation")
    os.ftruncate(fd, ROTATION_SIZE)
    yield fd
    os.close(fd)


def words(rotation: int) -> memoryview:
    return memoryview(os.pread(rotation, ROTATION_SIZE, 0)).cast("I")


@pytest.mark.parametrize(("follows", "beats"), [(True, 1000), (False, 0)])
def test_the_heart_beats_while_answers_follow_health(rotation: int, follows: bool, beats: int) -> None:
    Upkeep(Shared(rotation), Followed(follows_health=follows)).keep(1000.0)
    assert words(rotation)[HEARTBEAT] == beats


@pytest.mark.parametrize(
    ("secrets", "maker"),
    [(None, bytes(16)), ([b"a" * 16], b"a" * 16)],
    ids=["no good configuration yet", "those of the file"],
)
def test_secrets_are_those_of_the_last_good_configuration(
    rotation: int, secrets: Sequence[bytes] | None, maker: bytes
) -> None:
    Upkeep(Shared(rotation), Followed(secrets=secrets)).keep(1000.0)
    found = words(rotation)
    assert secret_at(found, found[MAKER]) == maker


def test_it_begins_at_once(rotation: int) -> None:
    async def scenario() -> None:
        task = asyncio.create_task(Upkeep(Shared(rotation), Followed()).run())
        await asyncio.sleep(0)
        assert words(rotation)[HEARTBEAT]
        task.cancel()

    asyncio.run(asyncio.wait_for(scenario(), 30))
