"""The delegation tree: who is where, and what the zones above geodns's say."""

ROOT = ("198.41.0.4", "2001:503:ba3e::2:30")
ABOVE = ("194.0.9.1", "2001:678:d::1")
OURS = {"ns1": ("192.124.249.53", "2a02:e00:1::53"), "ns2": ("199.43.135.53", "2a02:e00:2::53")}
NOBODY = ("192.124.249.54", "2a02:e00:1::54")  # where nobody listens
ZONE = "inspected.example."

_APEX = "{zone} 86400 IN SOA {server} hostmaster.nic.example. 1 1800 900 604800 86400\n{zone} 86400 IN NS {server}\n"


def root() -> str:
    apex = _APEX.format(zone=".", server="a.root-servers.net.")
    delegation = "example. 86400 IN NS a.nic.example.\n"
    return apex + _host("a.root-servers.net.", ROOT) + delegation + _host("a.nic.example.", ABOVE)


def hints() -> str:
    return ". 86400 IN NS a.root-servers.net.\n" + _host("a.root-servers.net.", ROOT)


def above(*, lame: bool) -> str:
    """`lame`: one of the servers is not there."""
    servers = OURS | ({"ns3": NOBODY} if lame else {})
    delegation = "".join(
        f"{ZONE} 86400 IN NS {name}.{ZONE}\n{_host(f'{name}.{ZONE}', addresses)}" for name, addresses in servers.items()
    )
    return _APEX.format(zone="example.", server="a.nic.example.") + _host("a.nic.example.", ABOVE) + delegation


def addresses() -> list[str]:
    return [*ROOT, *ABOVE, *(address for both in OURS.values() for address in both)]


def _host(name: str, both: tuple[str, str]) -> str:
    return f"{name} 86400 IN A {both[0]}\n{name} 86400 IN AAAA {both[1]}\n"
