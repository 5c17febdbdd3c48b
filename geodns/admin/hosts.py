"""Which Host headers are ours. Pure.

A web page can make its own name resolve to our address and have the browser ask us (DNS rebinding), but it cannot
choose the Host header. So a request has to call the endpoint by a name that is known to be ours, port and all.
"""

from collections.abc import Collection, Sequence

from geodns.model.endpoint import Endpoint

_DEFAULT_PORTS = (80, 443)  # a Host without a port means one of these


def own_names(local: Endpoint, further: Collection[str]) -> frozenset[str]:
    """`local` is where the connection came in: on a wildcard address, the address that was called.

    `further` are the operator's names; one with a port of its own is for a proxy or a port mapping in front of us.
    """
    given = (name.lower() if _has_port(name) else f"{name.lower()}:{local.port}" for name in further)
    return frozenset((str(local), f"localhost:{local.port}", *given))


def is_own(host: str, names: Collection[str]) -> bool:
    host = host.lower()
    if _has_port(host):
        return host in names
    return any(f"{host}:{port}" in names for port in _DEFAULT_PORTS)


def is_own_origin(origin: str, names: Collection[str]) -> bool:
    """Whether a page of this origin is one of ours; `null` is nobody's."""
    scheme, _, host = origin.partition("://")
    return scheme in ("http", "https") and is_own(host, names)


def why_not_ours(hosts: Sequence[str], names: Collection[str]) -> str:
    """A sentence where the Host headers of a request are not one of the names; else empty."""
    if len(hosts) != 1:
        return f"the request has {len(hosts) or 'no'} Host headers; send one, such as {min(names)}"
    if is_own(hosts[0], names):
        return ""
    called = ", ".join(sorted(names))
    return f"'{hosts[0]}' is no name of this endpoint; call it {called}, or add the name to admin.hosts in geodns.yaml"


def _has_port(host: str) -> bool:
    """`[::1]` has none, and neither has a name."""
    return host.rpartition(":")[2].isdigit() and not host.endswith("]")
