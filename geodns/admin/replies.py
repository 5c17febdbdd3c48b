"""Documents → JSON replies."""

import json
from collections.abc import Mapping

from aiohttp import web


def reply(document: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Readable as it is, by people with curl. A half surrogate that came in as an escape goes out as one."""
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    octets = text.encode("utf-8", "backslashreplace")
    return web.Response(body=octets, status=status, headers=headers, content_type="application/json", charset="utf-8")
