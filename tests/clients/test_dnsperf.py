"""dnsperf, with a few thousand questions: none is lost, and each has the code that it should."""

from pathlib import Path

import pytest

from tests.clients.dnsperf import QUESTIONS, TRANSPORTS, expected, run
from tests.daemons import program
from tests.scenarios.server import LOCAL, serving

pytestmark = pytest.mark.sockets

ZONE = Path(__file__).with_name("asked.zone")
COUNT = 4000


@pytest.mark.parametrize("host", [LOCAL, "::1"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_nothing_is_lost_and_every_code_is_right(transport: str, host: str, tmp_path: Path) -> None:
    program("dnsperf", "dnsperf")
    with serving(ZONE, state=tmp_path / "state", listen=(host,), workers=1) as server:
        counts = run(host, server.port, transport, COUNT, at_once=20)
    assert (counts.sent, counts.completed, counts.lost) == (COUNT, COUNT, 0), counts.said
    assert COUNT % len(QUESTIONS) == 0
    assert counts.codes == expected(COUNT), counts.said
    assert "Warning" not in counts.said
