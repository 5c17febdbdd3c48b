"""What `answer` and its callers agree on. Constants only: see setup.py."""

from geodns.table import layout

# ── returned in place of a reply's length ─────────────────────────────────────────────────────────────────────────
DROP = 0  # no reply is due
NOT_MINE = -1  # another opcode, a transfer, or signed (TSIG)
MINE = 1  # half way: the packet was read, the reply is to be written

# ── how a query came ──────────────────────────────────────────────────────────────────────────────────────────────
UDP = 0
TCP = 1  # and all that has streams or messages of its own from here on
TLS = 2  # RFC 7858
HTTPS = 3  # RFC 8484

# ── cookies: what the server is told to do with them, and what a query's was found to be ──────────────────────────
COOKIES_OFF = 0  # the option is one that we do not know
COOKIES_ON = 1
COOKIES_REQUIRED = 2  # who knows of cookies gets answers by UDP with a valid one only

COOKIE_NONE = 0
COOKIE_NEW = 1  # the client's alone: it has none of ours yet
COOKIE_BAD = 2
COOKIE_VALID = 3  # its address is no forged one

# ── options that the reply is to have since the query has them: bits ──────────────────────────────────────────────
NSID = 1
KEEPALIVE = 2
PADDING = 4

TEXT_AT = 13  # where the text begins in Conduct's records
MOST_TEXT = 128  # octets of it: with all options that a query may ask for, a reply without records stays below 512

# ── extended errors, as extended.py numbers them ──────────────────────────────────────────────────────────────────
PLAIN_REPLY = layout.GROUND_HEALTHY  # there is none
FALLEN_BACK = layout.GROUND_FALLBACK
FAILED_OPEN = layout.GROUND_FAIL_OPEN
NOT_READY = 3
NOT_AUTHORITATIVE = 4
STALE = 5
INVALID_DATA = 6
UNRESOLVED = 7
PROHIBITED = 8
BUSY = 9

# ── octets that a reply may have ──────────────────────────────────────────────────────────────────────────────────
DATAGRAM = 1232  # if not told otherwise: nothing on the way fragments that (RFC 9715)
PLAIN = 512  # without EDNS: RFC 1035 §4.2.1
LARGEST = 65535  # of a message: RFC 1035 §4.2.2

# ── returned in place of the size of a PROXY header ───────────────────────────────────────────────────────────────
PARTIAL = 0  # it is not whole yet
MALFORMED = -1

NETWORK = 18  # octets of a network in a list: of its addresses, of its prefix in bits, then the address
MAX_CHAIN = 8  # aliases followed in one reply
LINK = 3  # numbers noted of each: see Query.met
MAX_EXTRA = 8  # additional records of a query: OPT, TSIG or SIG(0), and no more that we know of
