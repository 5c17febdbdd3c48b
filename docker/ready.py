"""HEALTHCHECK: exit code 0 when every worker serves the current generation, else 1. Prints what the endpoint says.

http.client rather than urllib, which would take the way of a proxy that the engine put into the environment.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

PATIENCE = 4.0  # seconds; less than HEALTHCHECK's --timeout, so that the reason is still told


def main() -> int:
    where = urlsplit(os.environ["GEODNS_ADMIN"])
    connection = HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        reply = connection.getresponse()
        print(reply.read().decode(errors="replace"))
    except (OSError, HTTPException) as error:
        print(f"nothing answers at {where.geturl()}: {error}")
        return 1
    finally:
        connection.close()
    return 0 if reply.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
