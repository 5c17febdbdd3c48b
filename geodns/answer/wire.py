"""Numbers of the protocol, each with the RFC that gives it. Constants only: see setup.py."""

# ── messages, RFC 1035 §4.1 ───────────────────────────────────────────────────────────────────────────────────────
HEADER = 12  # octets
MAX_NAME = 255  # octets
RECORD = 12  # octets of a record before its data, where its owner is a pointer

# ── types ─────────────────────────────────────────────────────────────────────────────────────────────────────────
CNAME = 5  # RFC 1035 §3.2.2
OPT = 41  # RFC 6891 §6.1.1
DS = 43  # RFC 4034 §5
TSIG = 250  # RFC 8945 §4.2
IXFR = 251  # RFC 1995 §3
AXFR = 252  # RFC 5936 §2
ANY = 255  # RFC 8482

# ── classes, RFC 1035 §3.2.4 ──────────────────────────────────────────────────────────────────────────────────────
IN = 1
ANY_CLASS = 255

# ── EDNS ──────────────────────────────────────────────────────────────────────────────────────────────────────────
OPT_SIZE = 11  # octets of an OPT record without options, RFC 6891 §6.1.2
CLIENT_SUBNET = 8  # RFC 7871 §6

# ── the PROXY protocol, version 2, §2.2 ───────────────────────────────────────────────────────────────────────────
SIGNATURE = 12  # octets
PROXY_HEADER = 16  # octets before the addresses: signature, version and command, family, length
