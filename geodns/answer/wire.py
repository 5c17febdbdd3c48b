"""Numbers of the protocol, each with the RFC that gives it. Constants only: see setup.py."""

# ── messages, RFC 1035 §4.1 ───────────────────────────────────────────────────────────────────────────────────────
HEADER = 12  # octets
MAX_NAME = 255  # octets
RECORD = 12  # octets of a record before its data, where its owner is a pointer

# ── types ─────────────────────────────────────────────────────────────────────────────────────────────────────────
CNAME = 5  # RFC 1035 §3.2.2
SOA = 6
TXT = 16
OPT = 41  # RFC 6891 §6.1.1
DS = 43  # RFC 4034 §5
TSIG = 250  # RFC 8945 §4.2
IXFR = 251  # RFC 1995 §3
AXFR = 252  # RFC 5936 §2
ANY = 255  # RFC 8482

# ── classes, RFC 1035 §3.2.4 ──────────────────────────────────────────────────────────────────────────────────────
IN = 1
CHAOS = 3
ANY_CLASS = 255

# ── EDNS ──────────────────────────────────────────────────────────────────────────────────────────────────────────
OPT_SIZE = 11  # octets of an OPT record without options, RFC 6891 §6.1.2
OPTION_HEAD = 4  # octets: its code and its length
NSID = 3  # RFC 5001 §2.3
CLIENT_SUBNET = 8  # RFC 7871 §6
COOKIE = 10  # RFC 7873 §4
KEEPALIVE = 11  # RFC 7828 §3.1
PADDING = 12  # RFC 7830 §3
EXTENDED_ERROR = 15  # RFC 8914 §2
PADDED_TO = 468  # octets a reply is a multiple of, RFC 8467 §4.1

# ── cookies, RFC 7873 §4 and RFC 9018 §4 ──────────────────────────────────────────────────────────────────────────
CLIENT_COOKIE = 8  # octets
LEAST_COOKIE = 16  # octets of both cookies together, whosever the server's is
MOST_COOKIE = 40
COOKIE_VERSION = 1
COOKIE_SIZE = 24  # octets of both, of that version
COOKIE_TIME = 12  # where the time stands
COOKIE_HASH = 16  # where the hash of all before it stands
COOKIE_AGE = 3600  # seconds for which it is good
COOKIE_RENEWED = 1800  # seconds after which a new one is given
COOKIE_AHEAD = 300  # seconds that the clock of another server may be ahead

# ── the PROXY protocol, version 2, §2.2 ───────────────────────────────────────────────────────────────────────────
SIGNATURE = 12  # octets
PROXY_HEADER = 16  # octets before the addresses: signature, version and command, family, length
