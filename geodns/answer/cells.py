"""Where each count lies in the memory that a worker shares. Constants only: see setup.py."""

from geodns.table import layout

# ── one mapping a worker, 64-bit counts ───────────────────────────────────────────────────────────────────────────
DROPPED = 0  # not answered: no header, or a response
TRUNCATED = 1
FAULTS = 2  # exceptions caught by the reader of the socket: always a fault of ours
COOKIES = 3  # queries by what their cookie was found to be, as terms numbers that; those with none are not counted
LIMITED = 32  # replies that rate limiting was about, kind × fate
QUESTIONS = 64  # zone slot × type × outcome

TYPE_COUNT = 16
OUTCOME_COUNT = 10  # response codes below NODATA, and
NODATA = 7  # the outcome that is told apart from NOERROR, though both have its code
BADVERS = 8  # outcomes whose codes are larger
BADCOOKIE = 9

# What a reply is charged to, and what became of one that was too much: see limiting.py.
KIND_COUNT = 4
NAMES = 0  # an answer, no data, or a referral: by the name that was found
MISSING = 1  # no such name: by the zone
ERRORS = 2
TOTAL = 3  # whatever is asked for
FATE_COUNT = 4
SENT = 0  # not counted: it was not too much
DROPPED_REPLY = 1
SLIPPED = 2  # sent truncated
SPARED = 3  # sent as it is, since this is a dry run

PICKS = QUESTIONS + layout.ZONE_SLOTS * TYPE_COUNT * OUTCOME_COUNT
COUNTS = PICKS + layout.PICK_SLOTS
MEMORY_SIZE = COUNTS * 8  # octets

# ── one mapping for all workers, 32-bit: counts of answers given, the tickets of the next draws; and after them ───
SEED = layout.ROTATION_SLOTS  # this server's own number, by which its chances differ from others'
HEARTBEAT = SEED + 1  # seconds since 1970: when control last said that answers follow health; 0: nobody says so here
MAKER = HEARTBEAT + 1  # the slot of the secret that new cookies are made with
SECRET_SINCE = MAKER + 1  # seconds since 1970: when that was drawn, 0: it comes from a file
SECRETS = SECRET_SINCE + 1  # of cookies: slots with the words of one each, all of them zero where there is none
SECRET_SLOTS = 8
SECRET_WORDS = 4
ROTATION_SIZE = (SECRETS + SECRET_SLOTS * SECRET_WORDS) * 4  # octets
STALE_AFTER = 60_000  # milliseconds without a heartbeat
TICKETS = 0x7FFFFFFF  # so many, then they begin anew

TYPED = 258  # types from here on are counted together

# ── one mapping for all workers, 64-bit words: rate limiting ──────────────────────────────────────────────────────
KEYS = 0  # two rows of numbers that nobody else knows: what hashes are made with
ROW = 8
PREFIXES = 7  # bits of a prefix, for those who read what is noted: of IPv4 << 8 | of IPv6 | 1 << 16 in a dry run
CROWD = 16  # slots for the prefixes that are limited most: see crowd.py
CROWD_SLOTS = 64
CROWD_WORDS = 4
ACCOUNTS = CROWD + CROWD_SLOTS * CROWD_WORDS
WAYS = 8  # accounts of a bucket: a line of the cache

# An account's word, from its highest bit on: when it is even again, whose turn it is to slip, which account.
UNTIL = 26  # below that time
TURN = 22
TAG = 0x3FFFFF
ROOM = 1000000  # µs that an account may be ahead of time
STRAY = 2097152  # µs; what is further ahead is of another day, or the clock was set: the account is even
