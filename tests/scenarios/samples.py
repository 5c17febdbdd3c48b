"""Zones and questions that several tests have in common."""

from pathlib import Path

import dns.rdatatype

from tests.scenarios.server import Server

WWW = "www.example.com"
APP = "app.example.com"

_ZONE = """\
zone: example.com
{checks}
pools:
  main: {{members: {{web1: {{A: 127.0.0.11}}, web2: {{A: 127.0.0.12}}}}{check}}}
policies:
  app: {{ttl: {ttl}, rules: [{{pools: [main]}}]}}
records:
  "@": {{NS: [ns1, ns2]}}
  ns1: {{A: 192.0.2.53}}
  ns2: {{A: 192.0.2.54}}
  www: {{A: {www}}}
  app: {{policy: app}}
"""
_CHECK = "checks: {{web: {{type: http, port: {port}, interval: {interval}, timeout: {interval}, rise: 2, fall: 2}}}}"


def write_zone(
    folder: Path, *, www: str = "192.0.2.1", port: int | None = None, interval: str = "500ms", ttl: str = "30s"
) -> Path:
    """Makes or replaces `example.com.yaml`; with a port the members of its pool are probed there. Returns the folder.

    The file is replaced by renaming, as editors do.
    """
    folder.mkdir(exist_ok=True)
    text = _ZONE.format(
        checks=_CHECK.format(port=port, interval=interval) if port else "",
        check=", check: web" if port else "",
        www=www,
        ttl=ttl,
    )
    beside = folder / ".beside"
    beside.write_text(text)
    beside.rename(folder / "example.com.yaml")
    return folder


def break_zone(folder: Path) -> None:
    """An unknown key in the first line."""
    path = folder / "example.com.yaml"
    path.write_text("zoen: example.com\n" + path.read_text())


def gets(server: Server, name: str, *addresses: str) -> bool:
    """Whether these are the addresses of twelve answers."""
    return {each for _ in range(12) for each in server.addresses(name)} == set(addresses)


def serial(server: Server) -> int:
    (soa,) = server.ask("example.com", "SOA").answer[0]
    assert soa.rdtype == dns.rdatatype.SOA
    found: int = soa.serial
    return found
