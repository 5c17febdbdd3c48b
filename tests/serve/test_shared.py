"""What all workers share: the secrets of cookies, and control's heartbeat."""

import os
from collections.abc import Iterator

import pytest

from geodns.answer.cells import HEARTBEAT, MAKER, ROTATION_SIZE, SECRET_SLOTS
from geodns.serve.shared import MOST_SECRETS, ROLL_OVER, SECRET_SIZE, Shared, install, secret_at

NONE = bytes(SECRET_SIZE)


def secret(number: int) -> bytes:
    return bytes([number]) * SECRET_SIZE


@pytest.fixture
def rotation() -> Iterator[int]:
    fd = os.memfd_create("rotation")
    os.ftruncate(fd, ROTATION_SIZE)
    yield fd
    os.close(fd)


def words(rotation: int) -> memoryview:
    return memoryview(os.pread(rotation, ROTATION_SIZE, 0)).cast("I")


def in_force(words: memoryview) -> list[bytes]:
    """The one that makes new cookies first."""
    found = [secret_at(words, slot) for slot in range(SECRET_SLOTS)]
    maker = found[words[MAKER]]
    return [maker, *sorted(each for each in found if each not in (maker, NONE))]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([[1]], id="one"),
        pytest.param([[1, 2, 3, 4]], id="as many as there may be"),
        pytest.param([[1], [2, 1], [2]], id="a roll-over"),
        pytest.param([[1], [1, 2], [2, 1], [2]], id="a roll-over that others learn of before it begins"),
        pytest.param([[1, 2, 3, 4], [5, 6, 7, 8], [1, 2, 3, 4]], id="all others"),
        pytest.param([[3, 1], [1, 3]], id="another order"),
        pytest.param([[1, 1]], id="one twice"),
    ],
)
def test_these_and_no_others_are_in_force(steps: list[list[int]]) -> None:
    held = memoryview(bytearray(ROTATION_SIZE)).cast("I")
    for step in steps:
        install(held, [secret(number) for number in step])
        assert in_force(held) == [secret(step[0]), *sorted({secret(n) for n in step[1:]} - {secret(step[0])})]


def test_a_secret_that_stays_is_not_moved() -> None:
    held = memoryview(bytearray(ROTATION_SIZE)).cast("I")
    install(held, [secret(1), secret(2)])
    place = next(slot for slot in range(SECRET_SLOTS) if secret_at(held, slot) == secret(2))
    install(held, [secret(3), secret(2)])
    assert secret_at(held, place) == secret(2)


def test_new_ones_always_find_empty_slots() -> None:
    assert SECRET_SLOTS >= 2 * MOST_SECRETS


def test_without_a_file_secrets_are_drawn_and_the_last_one_stays_good(rotation: int) -> None:
    shared = Shared(rotation)
    shared.take_secrets([], 1000.0)
    (first,) = in_force(words(rotation))
    shared.take_secrets([], 1000.0 + ROLL_OVER - 1)
    assert in_force(words(rotation)) == [first]
    shared.take_secrets([], 1000.0 + ROLL_OVER)
    second, last = in_force(words(rotation))
    assert (last, second != first) == (first, True)
    shared.take_secrets([], 1000.0 + 2 * ROLL_OVER)
    assert in_force(words(rotation))[1:] == [second]


def test_a_clock_that_was_far_ahead_holds_up_no_roll_over(rotation: int) -> None:
    shared = Shared(rotation)
    shared.take_secrets([], 1e9)
    (first,) = in_force(words(rotation))
    shared.take_secrets([], 1e8)
    assert in_force(words(rotation))[1:] == [first]


def test_those_of_a_file_are_not_drawn_and_what_was_drawn_is_forgotten(rotation: int) -> None:
    shared = Shared(rotation)
    shared.take_secrets([], 1000.0)
    for now in (1001.0, 1000.0 + 10 * ROLL_OVER):
        shared.take_secrets([secret(1), secret(2)], now)
        assert in_force(words(rotation)) == [secret(1), secret(2)]


def test_without_the_file_one_is_drawn_again(rotation: int) -> None:
    shared = Shared(rotation)
    shared.take_secrets([secret(1)], 1000.0)
    shared.take_secrets([], 1001.0)
    drawn, last = in_force(words(rotation))
    assert (last, drawn != last) == (secret(1), True)


def test_the_heartbeat_is_in_seconds(rotation: int) -> None:
    Shared(rotation).beat(1_800_000_000.7)
    assert words(rotation)[HEARTBEAT] == 1_800_000_000
