"""The admin endpoint of a running geodns, over HTTP. No proxies and no redirects: a token goes to nobody else."""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from geodns.cli.fault import CannotDo

DEFAULT = "http://127.0.0.1:8053"
ADMIN, TOKEN = "GEODNS_ADMIN", "GEODNS_TOKEN"  # of the environment
PATIENCE = 600.0  # seconds: a reload of large zones and databases takes its time

Document = Mapping[str, object]


class Refused(CannotDo):
    """The endpoint said no; `document` is its whole answer."""

    def __init__(self, message: str, status: int, document: Document) -> None:
        super().__init__(message)
        self.status = status
        self.document = document


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--admin", metavar="URL", help=f"the admin endpoint (default: ${ADMIN}, else {DEFAULT})")
    parser.add_argument("--token", metavar="TOKEN", help=f"its bearer token (default: ${TOKEN}, which nobody can list)")


def client_for(args: argparse.Namespace) -> "Client":
    """Raises CannotDo where the endpoint is no URL."""
    url = args.admin or os.environ.get(ADMIN) or DEFAULT
    return Client(_base(url), args.token or os.environ.get(TOKEN))


def _base(url: str) -> str:
    full = url if "//" in url else f"http://{url}"
    try:
        parts = urlsplit(full)
        known = " " not in url and parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        known = False
    if not known:
        raise CannotDo(f"'{url}' is no address of an admin endpoint, such as {DEFAULT}")
    return full.rstrip("/")


@dataclass(frozen=True, slots=True)
class Client:
    base: str
    token: str | None = None

    @staticmethod
    def path(*steps: str) -> str:
        """Below the API's root; each step is quoted, for names may hold slashes."""
        return "/api/v1/" + "/".join(quote(step, safe="") for step in steps)

    def ask(
        self, method: str, path: str, query: Mapping[str, str] | None = None, said: Document | None = None
    ) -> Document:
        """The answer's JSON. Raises Refused, and CannotDo where nobody answers or somebody else does."""
        url = f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            with _opener().open(self._request(method, url, said), timeout=PATIENCE) as reply:
                return self._document(reply.read())
        except HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except OSError as error:
            raise CannotDo(
                f"nothing answers at {self.base} ({_reason(error)}); is geodns running? name the endpoint with --admin"
            ) from None
        except HTTPException:
            raise self._stranger() from None

    def _request(self, method: str, url: str, said: Document | None) -> Request:
        body = None if said is None else json.dumps(said).encode()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return Request(url, body, headers, method=method)

    def _refusal(self, error: HTTPError) -> CannotDo:
        if 300 <= error.code < 400:
            return self._stranger()
        document = self._document(error.read())
        reason = str(document.get("error") or f"the endpoint says {error.code} {error.reason}")
        hint = f"; give one with --token or ${TOKEN}" if error.code == 401 else ""
        return Refused(f"{reason}{hint}", error.code, document)

    def _document(self, octets: bytes) -> Document:
        try:
            found = json.loads(octets) if octets else {}
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self._stranger()
        return found

    def _stranger(self) -> CannotDo:
        return CannotDo(f"what answers at {self.base} is no geodns; name the admin endpoint with --admin")


def _reason(error: OSError) -> str:
    cause = error.reason if isinstance(error, URLError) else error
    return str((cause.strerror if isinstance(cause, OSError) else None) or cause)


def _opener() -> OpenerDirector:
    """Only what is needed: urllib's own would follow redirects and take proxies from the environment."""
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
        opener.add_handler(handler)
    return opener
