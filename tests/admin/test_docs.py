"""docs/admin.md says what the code does."""

import json
import re
import shlex
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from geodns.admin.api import Api
from geodns.admin.metrics import Metrics
from geodns.admin.tokens import read_tokens
from geodns.model.check import Result, Target
from geodns.model.name import parse_name
from geodns.model.pool import Family
from geodns.model.secondary import Secondary
from geodns.model.source import Source
from geodns.resolution.outcome import Found
from geodns.secondary.course import Confirmed, Timers
from geodns.serve.counts import Event
from tests import values
from tests.admin.served import FRA1, ZONE, Fds, Served, new_control, serve
from tests.admin.standins import Ledger, channel_ends, front_memory, shared_memory

PAGE = (Path(__file__).parents[2] / "docs" / "admin.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(curl .*?)```\n\n```json\n(.*?)```", PAGE, re.DOTALL)
METRICS = re.findall(r"^\| `(geodns_\w+)` \| (\w+) \| ([\w, ]*)\|", PAGE, re.MULTILINE)


def request_of(command: str) -> tuple[str, str, bytes | None]:
    """Method, path and body of a curl command."""
    words = shlex.split(command)
    url = urlsplit(next(word for word in words if word.startswith("http://")))
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = words[words.index("-d") + 1].encode() if "-d" in words else None
    return method, f"{url.path}?{url.query}" if url.query else url.path, body


def same_shape(written: object, found: object) -> bool:
    """The same keys all the way down. Of lists the first entries are compared; what is empty or null fits all."""
    if isinstance(written, dict) and isinstance(found, dict):
        if not written or not found:
            return True
        return written.keys() == found.keys() and all(same_shape(written[key], found[key]) for key in written)
    if isinstance(written, list) and isinstance(found, list):
        return not written or not found or same_shape(written[0], found[0])
    return isinstance(written, dict | list) == isinstance(found, dict | list) or written is None or found is None


def test_every_example_gets_the_reply_that_is_shown(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        for command, written in EXAMPLES:
            method, path, body = request_of(command)
            reply = await served.ask(method, path, body=body)
            assert (path, reply.status) == (path, 200)
            assert same_shape(json.loads(written), reply.json), f"{method} {path} replies otherwise"
            if method == "DELETE":  # for the examples after it, and for those of the next reader
                assert (await served.ask("DELETE", path)).status == 404

    assert len(EXAMPLES) == 12
    serve(tmp_path, scenario)


def test_status_shows_overrides_as_it_is_written(tmp_path: Path) -> None:
    async def scenario(served: Served) -> None:
        await served.ask("PUT", FRA1, {"state": "drain", "reason": "x"})
        (written,) = (json.loads(reply) for command, reply in EXAMPLES if command.endswith("/status\n"))
        assert same_shape(written, (await served.get("/api/v1/status")).json)

    serve(tmp_path, scenario)


def test_every_route_has_its_row(tmp_path: Path) -> None:
    control, _ = new_control(tmp_path, Metrics())
    routes = [f"{route.method} {route.path}" for route in Api(control, Metrics()).routes()]
    assert re.findall(r"^\| `((?:GET|PUT|DELETE|POST) \S+)` \|", PAGE, re.MULTILINE) == routes


def test_every_metric_has_its_row_with_type_and_labels(tmp_path: Path) -> None:
    with channel_ends() as (_, ours), shared_memory() as fd, front_memory(1) as front:
        ledger = Ledger(fd)
        ledger.ask(1, 1, 0)
        ledger.pick(1, 1)
        ledger.events.add(Event.DATAGRAM)

        async def scenario(served: Served) -> None:
            served.metrics.hear(Result(Target(values.check(), ip_address("192.0.2.1")), True, 0.1, ""))
            await served.ask("PUT", FRA1, {"state": "drain", "reason": "x"})
            for what in ("", "/members/fra1"):
                await served.ask("PUT", f"/api/v1/zones/example.com/pools/eu{what}/load", {"load": 5})
            served.control.outside.take((parse_name("lb.example.net."), Family.IPV4), Found((ip_address("::1"),), 60))
            copied = Secondary(zone=parse_name("example.org."), primaries=(), source=Source("geodns.yaml"))
            served.control.copies.zones([copied])
            served.control.copies.watch([copied])
            served.control.copies.take(copied, Confirmed(Timers(serial=7, refresh=60, retry=60, expire=600)))
            gathered = served.metrics.gather(served.control, 0.0)
            assert sorted(
                (family.name + ("_total" if family.type == "counter" else ""), family.type, labels)
                for family in gathered
                for labels in {", ".join(sorted(sample.labels.keys() - {"le"})) for sample in family.samples}
            ) == sorted((name, kind, labels.strip()) for name, kind, labels in METRICS)

        limited = ZONE.replace("    members:\n      fra1: {", "    members:\n      fra1: {load: {target: 9}, ", 1)
        limited = limited.replace("    check: web\n", "    check: web\n    load: {target: 9}\n", 1)
        limited = limited.replace("records:\n", "records:\n  alias: {ALIAS: lb.example.net.}\n", 1)
        limited += "transfer: {notify: 127.0.0.1}\n"
        serve(tmp_path, scenario, zone=limited, fds=Fds(channels=(ours,), memories=(fd,), front_memories=(front,)))


def test_the_tokens_file_can_be_read_and_the_settings_are_yaml() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert all(yaml.safe_load(block) for block in blocks)
    (tokens,) = (block for block in blocks if block.startswith("# tokens.yaml"))
    assert [holder.name for holder in read_tokens(tokens.encode(), "tokens.yaml").holders] == ["prometheus", "alice"]
