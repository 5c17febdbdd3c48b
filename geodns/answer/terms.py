"""What `answer` and its callers agree on. Constants only: see setup.py."""

# ── returned in place of a reply's length ─────────────────────────────────────────────────────────────────────────
DROP = 0  # no reply is due
NOT_MINE = -1  # another opcode or class, a transfer, or signed (TSIG)
MINE = 1  # half way: the packet was read, the reply is to be written

# ── how a query came ──────────────────────────────────────────────────────────────────────────────────────────────
UDP = 0
TCP = 1  # and all that has streams or messages of its own from here on
TLS = 2  # RFC 7858
HTTPS = 3  # RFC 8484

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
