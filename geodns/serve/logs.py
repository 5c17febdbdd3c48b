"""The log of all processes: lines on stderr of one form, each with the process it comes from."""

import logging
import sys


def begin_logging(level: str) -> None:
    """`level`: debug, info, warning or error."""
    logging.basicConfig(
        level=level.upper(), format="%(levelname)-7s %(name)s[%(process)d]: %(message)s", stream=sys.stderr
    )
    for chatty in ("watchfiles", "aiohttp.access", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
