"""Backends that tell their load, a real server, and clients that go where its answers send them: the loop is closed."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.scenarios.laden import Agent, Laden, running
from tests.scenarios.server import PATIENCE, Server, serving

pytestmark = pytest.mark.sockets

EU, US = "127.0.0.31", "127.0.0.32"
NAME = "www.example.com"
ZONE = """\
zone: example.com
checks:
  web: {{type: http, port: {port}, interval: 200ms, timeout: 200ms, load: {{json: stats.load}}}}
pools:
  eu: {{check: web, load: {{target: 8000, max: 10000, slew: 3%, every: 1s}}, members: {{fra1: {{A: 127.0.0.31}}}}}}
  us: {{check: web, members: {{iad1: {{A: 127.0.0.32}}}}}}
policies:
  web: {{ttl: 1s, select: weighted, pools: [eu, us]}}
records:
  "@": {{NS: [ns1, ns2]}}
  ns1: {{A: 192.0.2.53}}
  ns2: {{A: 192.0.2.54}}
  www: {{policy: web}}
"""


def share(server: Server, asked: int = 100) -> float:
    """Of so many answers, those that name eu."""
    return sum(EU in server.addresses(NAME) for _ in range(asked)) / asked


def played(server: Server, eu: Laden, demand: float, is_over: Callable[[list[float]], bool]) -> list[float]:
    """Clients ask, and bring their load to where they are sent. Each share that was met, until it is over."""
    shares: list[float] = []
    deadline = time.monotonic() + 2 * PATIENCE
    while not is_over(shares):
        assert time.monotonic() < deadline, f"still not, after {shares}"
        now = share(server)
        eu.load = demand * now
        if not shares or abs(now - shares[-1]) > 0.012:
            shares.append(now)
        time.sleep(0.1)
    return shares


def kept(server: Server) -> float:
    found: float = server.status()["pools"][0]["load"]["share"]
    return found


def test_clients_spill_to_the_next_pool_step_by_step_and_come_back(tmp_path: Path) -> None:
    with running(Laden, EU, US) as (port, (eu, us)):
        us.load = None  # nobody has to say it where there is no target
        (tmp_path / "example.com.yaml").write_text(ZONE.format(port=port))
        eu.load = 7000
        with serving(tmp_path / "example.com.yaml", state=tmp_path / "state") as server:
            assert share(server) == 1.0
            away = played(server, eu, 12_000, lambda shares: bool(shares) and shares[-1] < 0.76)
            assert all(after > before - 0.2 for before, after in pairwise(away)), "no step is larger than five slews"
            assert len(away) >= 3
            server.wait_until(lambda: "target 8,000" in explained(server), "explain tells of the load")
            settled = kept(server)
            eu.load = None  # while it restarts nobody knows the load
        with serving(tmp_path / "example.com.yaml", state=tmp_path / "state") as server:
            assert share(server) == pytest.approx(kept(server), abs=0.03)
            assert kept(server) == pytest.approx(settled, abs=0.11), "nobody was sent back"
            assert server.metric("geodns_pool_kept") == pytest.approx(kept(server), abs=0.001)
            server.wait_until(lambda: server.status()["pools"][0]["load"]["load"] is None, "the load is not known")
            back = played(server, eu, 6000, lambda _: kept(server) == 1.0)
            assert all(after < before + 0.07 for before, after in pairwise(back)), "they come back by one slew at most"
            server.wait_until(lambda: share(server) == 1.0, "all are back")


def explained(server: Server) -> str:
    loads = server.api("GET", f"/api/v1/explain?name={NAME}&from=192.0.2.1").content["loads"]
    return "; ".join(
        f"{each['pool']} load {each['load']}, target {each['target']:,.0f}" for each in loads if each["target"]
    )


def test_a_load_that_is_sent_moves_the_answers(tmp_path: Path) -> None:
    with running(Laden, EU, US) as (port, _):
        (tmp_path / "example.com.yaml").write_text(ZONE.format(port=port))
        with serving(tmp_path / "example.com.yaml", state=tmp_path / "state") as server:
            put = server.api("PUT", "/api/v1/zones/example.com/pools/eu/load", {"load": 9500})
            assert put.status == 200
            server.wait_until(lambda: kept(server) < 1, "a step is made")
            server.wait_until(lambda: share(server, 50) < 1, "and is in the answers")


AGENTS = """\
zone: example.com
checks:
  agent: {{type: agent, port: {port}, interval: 200ms, timeout: 200ms, rise: 1, fall: 1}}
pools:
  eu: {{check: agent, members: {{a: {{A: 127.0.0.31}}, b: {{A: 127.0.0.32}}}}}}
records:
  "@": {{NS: [ns1, ns2]}}
  ns1: {{A: 192.0.2.53}}
  ns2: {{A: 192.0.2.54}}
  www: {{pool: eu, select: least_load, ttl: 1s}}
"""


def test_an_agent_gets_the_part_that_it_asks_for_and_drains_itself(tmp_path: Path) -> None:
    with running(Agent, EU, US) as (port, (a, b)):
        (tmp_path / "example.com.yaml").write_text(AGENTS.format(port=port))
        a.line = "up 50% load:100"
        b.line = "up load:100"
        with serving(tmp_path / "example.com.yaml", state=tmp_path / "state") as server:
            server.wait_until(lambda: abs(share(server) - 1 / 3) < 0.05, "a has half of what b has")
            (first, _) = server.api("GET", "/api/v1/zones/example.com/pools/eu/members").content["members"]
            assert first["load"]["load"] == 100.0
            a.line = "drain # new kernel"
            server.wait_until(lambda: share(server, 20) == 0.0, "a asks to be drained")
            (first, _) = server.api("GET", "/api/v1/zones/example.com/pools/eu/members").content["members"]
            assert first["addresses"][0]["detail"] == "asks to be drained: new kernel"
