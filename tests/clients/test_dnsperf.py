"""dnsperf, with a few thousand questions over each transport: none is lost, and each has the code that it should."""

from pathlib import Path

import pytest

from tests.clients.dnsperf import QUESTIONS, TRANSPORTS, expected, run
from tests.daemons import program
from tests.scenarios.ports import free_port
from tests.scenarios.server import LOCAL, serving
from tests.serve.certificates import issue

pytestmark = pytest.mark.sockets

ZONE = Path(__file__).with_name("asked.zone")
COUNT = 4000


@pytest.mark.parametrize("host", [LOCAL, "::1"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_nothing_is_lost_and_every_code_is_right(transport: str, host: str, tmp_path: Path) -> None:
    program("dnsperf", "dnsperf")
    tls, https = free_port(host), free_port(host)
    settings = tmp_path / "geodns.yaml"
    settings.write_text(_encrypted(tmp_path, f"[{host}]" if ":" in host else host, tls, https))
    options = ["-c", str(settings)]
    with serving(ZONE, state=tmp_path / "state", listen=(host,), workers=1, options=options) as server:
        port = {"dot": tls, "doh": https}.get(transport, server.port)
        counts = run(host, port, transport, COUNT, at_once=20)
    assert (counts.sent, counts.completed, counts.lost) == (COUNT, COUNT, 0), counts.said
    assert COUNT % len(QUESTIONS) == 0
    assert counts.codes == expected(COUNT), counts.said
    assert "Warning" not in counts.said


def _encrypted(folder: Path, host: str, tls: int, https: int) -> str:
    pair = issue(folder)
    return (
        f'listen_tls: "{host}:{tls}"\nlisten_https: "{host}:{https}"\n'
        f"tls: {{certificate: {pair.certificate}, key: {pair.key}}}\n"
    )
