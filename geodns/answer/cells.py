"""Where each count lies in the memory that a worker shares. Constants only: see setup.py."""

from geodns.table import layout

# ── one mapping a worker, 64-bit counts ───────────────────────────────────────────────────────────────────────────
DROPPED = 0  # not answered: no header, or a response
TRUNCATED = 1
FAULTS = 2  # exceptions caught by the reader of the socket: always a fault of ours
QUESTIONS = 64  # zone slot × type × outcome

TYPE_COUNT = 16
OUTCOME_COUNT = 9  # response codes below NODATA, and
NODATA = 7  # the outcome that is told apart from NOERROR, though both have its code
BADVERS = 8  # the outcome, whose code is larger

PICKS = QUESTIONS + layout.ZONE_SLOTS * TYPE_COUNT * OUTCOME_COUNT
COUNTS = PICKS + layout.PICK_SLOTS
MEMORY_SIZE = COUNTS * 8  # octets

# ── one mapping for all workers, 32-bit counts of answers given: the tickets of the next draws ────────────────────
SEED = layout.ROTATION_SLOTS  # after them: this server's own number, by which its chances differ from others'
ROTATION_SIZE = (SEED + 1) * 4  # octets
TICKETS = 0x7FFFFFFF  # so many, then they begin anew

TYPED = 258  # types from here on are counted together
