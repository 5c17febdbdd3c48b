"""`python -m tests.serve.running STATE WORKERS`: premises, workers and their keeper, as `geodns serve` has them.

Writes the port to the standard output.
"""

import asyncio
import sys
from ipaddress import ip_address
from pathlib import Path

from geodns.model.endpoint import Endpoint
from geodns.serve.keeper import keep
from geodns.serve.premises import Premises


def main() -> int:
    state, workers = Path(sys.argv[1]), int(sys.argv[2])
    with Premises([Endpoint(ip_address("127.0.0.1"), 0)], workers) as premises:
        print(premises.endpoints()[0].port, flush=True)
        return asyncio.run(keep(premises.workers(state)))


if __name__ == "__main__":
    sys.exit(main())
