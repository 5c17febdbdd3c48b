import logging
import socket
from collections.abc import Iterator

import pytest

from geodns.serve.channel import Channel, open_pair
from geodns.serve.messages import Ask, Publish, Serving

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = open_pair()
    yield pair
    for end in pair:
        end.close()


def test_messages_arrive_whole_and_in_order(pair: Pair) -> None:
    worker, control = Channel(pair[0].fileno()), Channel(pair[1].fileno())
    control.send(Publish(1))
    control.send(Ask())
    worker.send(Serving(1, 42))
    assert list(worker.messages()) == [Publish(1), Ask()]
    assert list(control.messages()) == [Serving(1, 42)]
    assert list(worker.messages()) == []
    worker.close()
    control.close()


def test_what_was_said_to_a_dead_worker_waits_for_its_successor(pair: Pair) -> None:
    control = Channel(pair[1].fileno())
    Channel(pair[0].fileno()).close()
    assert control.send(Publish(2))
    successor = Channel(pair[0].fileno())
    assert list(successor.messages()) == [Publish(2)]
    successor.close()
    control.close()


def test_nobody_waits_for_a_side_that_does_not_listen(pair: Pair) -> None:
    worker = Channel(pair[0].fileno())
    sent = [worker.send(Serving(1, 1)) for _ in range(5000)]
    assert not sent[-1]
    worker.close()


def test_a_message_of_another_version_is_passed_over_with_a_warning(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Channel(pair[0].fileno())
    pair[1].send(b'{"say": "sing"}')
    pair[1].send(b'{"say": "ask"}')
    with caplog.at_level(logging.WARNING):
        assert list(worker.messages()) == [Ask()]
    assert "restart geodns" in caplog.text
    worker.close()
