"""What `answer` and its callers agree on. Constants only: see setup.py."""

# ── returned in place of a reply's length ─────────────────────────────────────────────────────────────────────────
DROP = 0  # no reply is due
NOT_MINE = -1  # another opcode or class, or a transfer
MINE = 1  # half way: the packet was read, the reply is to be written

# ── octets that a reply may have ──────────────────────────────────────────────────────────────────────────────────
DATAGRAM = 1232  # nothing on the way fragments that: RFC 9715
STREAM = 65535  # TCP, so the client's UDP size does not matter
PLAIN = 512  # without EDNS: RFC 1035 §4.2.1

MAX_CHAIN = 8  # aliases followed in one reply
LINK = 3  # numbers noted of each: see Query.met
MAX_EXTRA = 8  # additional records of a query: OPT, TSIG or SIG(0), and no more that we know of
