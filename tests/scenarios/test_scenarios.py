"""Each flow of this folder, once through the core alone and once through everything."""

from pathlib import Path

import pytest

from tests.scenarios.flow import Flow, read_flow
from tests.scenarios.play import play
from tests.scenarios.pure_world import PureWorld
from tests.scenarios.real_world import real_world

FLOWS = [read_flow(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))]
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.title)


@each_flow
def test_in_the_core_alone(flow: Flow, tmp_path: Path) -> None:
    play(flow, PureWorld(flow, tmp_path))


@pytest.mark.sockets
@each_flow
def test_over_sockets(flow: Flow, tmp_path: Path) -> None:
    with real_world(flow, tmp_path) as world:
        play(flow, world)
