"""What an HTTP probe asks, and what may stand in its keys. No network here."""

import ssl
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Literal

from geodns import __version__
from geodns.model.place import Address

Method = Literal["GET", "HEAD"]

# A compressed body would have to be unpacked to be searched, and could unpack to anything.
_HEADERS = {
    "User-Agent": f"geodns/{__version__} (health probe)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`host`: the Host header, and the server name in TLS; None: the address. `tls` None: in the clear."""

    method: Method
    port: int
    path: str
    host: str | None
    headers: tuple[str, ...]
    tls: ssl.SSLContext | None = None

    def octets(self, address: Address) -> bytes:
        """As it is sent (RFC 9112 §3). The path is sent as it was written."""
        host = self.host or _authority(address, self.port, 443 if self.tls else 80)
        return f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\n{_lines(self.headers)}\r\n".encode()


@lru_cache(maxsize=1024)
def _lines(own: tuple[str, ...]) -> str:
    """Our headers, with the operator's in their place where they have the same name."""
    headers = {name.lower(): (name, value) for name, value in _HEADERS.items()}
    headers |= {name.lower(): (name, value) for name, value in map(_split, own)}
    return "".join(f"{name}: {value}\r\n" for name, value in headers.values())


def _authority(address: Address, port: int, usual: int) -> str:
    where = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    return where if port == usual else f"{where}:{port}"


def check_request(port: int, path: str, host: str | None, headers: tuple[str, ...]) -> None:
    """Raises ValueError, in a sentence for the operator, where these cannot be sent."""
    check_port(port)
    if not path.startswith("/") or not _is_visible(path) or "#" in path:
        raise ValueError(f"{path!r} is no path; write it with a leading slash and without spaces, such as /healthz")
    if host is not None and (not host or not _is_visible(host) or any(char in host for char in ":/[]@")):
        raise ValueError(f"{host!r} is no host; write a name alone, such as www.example.com; the port has its own key")
    for header in headers:
        _split(header)


def check_port(port: int) -> None:
    """Raises ValueError where the number is no port."""
    if not 1 <= port <= 65535:
        raise ValueError(f"{port} is no port; give 1 to 65535")


def check_body(method: Method, body: str | None, has_load: bool = False) -> None:
    """Raises ValueError where a body is wanted that cannot come."""
    if method == "HEAD" and has_load:
        raise ValueError("an answer to HEAD has no body, so no load in it; write method: GET, or leave load out")
    if method == "HEAD" and body is not None:
        raise ValueError("an answer to HEAD has no body; write method: GET, or expect no body")


def _is_visible(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _split(header: str) -> tuple[str, str]:
    name, colon, value = header.partition(":")
    is_name = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    if not colon or not is_name or not (value.isascii() and value.isprintable()):
        raise ValueError(f"{header!r} is no header; write 'Name: value'")
    if name.lower() == "host":
        raise ValueError(f"{header!r} sets the host by the back door; use the key host, which names it in TLS too")
    return name, value.strip()
