"""Where things lie in a table. All of it is 32-bit words and octets in native order; nothing else is stored.

A table is three parts or four, each one buffer and one file, so that what did not change is not written again:

    names        slots (hash → node) · nodes (a name's zone, records, wildcard) · shapes · sets · zones · octets
    territories  one block a territory: for IPv4 and for IPv6 a trie of leaves, each with its depth and route
    plans        one block a (policy, family): routes → distributions → entries → sets · octets
    transfers    where zones may be copied: a directory · records as they are sent

"At" is a word's index within its part, "octet" an octet's; inside a territory or plan block both are counted from
the block's start, so that blocks are joined without being touched.
"""

FORMAT = 6
MAGIC = b"geodns\x01\x02"  # the last two tell the byte order

# A name's hash is CRC-32 * HASH_SPREAD >> 16 & HASH_MASK: names that were counted up have checksums in rows, which as
# they are would take one slot after the other and leave others long ways to go.
HASH_SPREAD = 1640531527  # 2³² over the golden ratio's square
HASH_MASK = 0x7FFFFFFF

# ── head of each part, in words ───────────────────────────────────────────────────────────────────────────────────
HEAD_FORMAT = 2
HEAD_KIND = 3
HEAD_WORDS = 4  # length of the whole part
HEAD_DIGEST = 8  # 8 words: BLAKE2b-256 of the part with these words zero
HEAD_FIELDS = 16  # what each kind of part says about itself
HEAD_SIZE = 32

KIND_NAMES = 1
KIND_TERRITORIES = 2
KIND_PLANS = 3
KIND_TRANSFERS = 4

# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────
NAMES_SLOTS = 16  # at: pairs (hash, node at), empty where node at is 0
NAMES_MASK = 17  # slots - 1
NAMES_DEPTHS = 18  # at: a count, then how many labels apexes have, each number once, the largest first
NAMES_ZONES = 19  # at
NAMES_ZONE_COUNT = 20

NODE_OCTET = 0  # the name in wire form, lower case
NODE_LENGTH = 1
NODE_ZONE = 2  # at
NODE_SHAPE = 3  # at; 0: empty non-terminal
NODE_WILDCARD = 4  # at of the node *.name, or 0
NODE_FLAGS = 5  # 0: the node ends here, for nobody asks for what follows
NODE_SET = 6  # at: the CNAME record of an alias, the referral of a cut, the DNAME record
NODE_TARGET = 7  # at: where an alias leads, or the parent side of a child zone's apex; 0: out of this zone
NODE_WORDS = 8

FLAG_CUT = 1  # a delegation: everything here and below belongs to somebody else
FLAG_ALIAS = 2  # has a CNAME record
FLAG_TARGET_MISSING = 4  # the alias's target does not exist; NODE_TARGET is its closest encloser
FLAG_TARGET_CUT = 8  # the alias's target lies at or under the cut NODE_TARGET
FLAG_TARGET_REDIRECTED = 16  # the alias's target lies below the DNAME of NODE_TARGET
FLAG_PARENT_SIDE = 32  # NODE_TARGET is the parent's cut, asked for DS
FLAG_REDIRECT = 64  # has a DNAME record: nothing is below, names there lead elsewhere
FLAG_LEADS_ON = FLAG_ALIAS | FLAG_REDIRECT

# A shape: the number of types, then pairs (type, reference). A reference with this bit names a plan, else a set at.
STEERED = 1 << 30

SET_OCTET = 0
SET_LENGTH = 1
SET_ADDITIONAL = 2
SET_ANSWERS = 3  # records in the answer section; each begins with a pointer to its owner
SET_AUTHORITY = 4
SET_FIXUPS = 5  # at: a count, then positions of pointers to the zone's name; 0: none
SET_CUTS = 6  # at: a count, then what is left where the last record sets are left out; 0: none may be. Only there
SET_WORDS = 7  # where there are additional records: without, the set ends before its cuts

CUT_LENGTH = 0  # as SET_LENGTH and SET_ADDITIONAL have it, with fewer additional records from cut to cut
CUT_ADDITIONAL = 1
CUT_WORDS = 2

ZONE_OCTET = 0  # the apex in wire form
ZONE_LENGTH = 1
ZONE_NEGATIVE = 2  # at of the set with the SOA record for negative answers
ZONE_SLOT = 3  # where its questions are counted
ZONE_VOID = 4  # 1: nothing of it may be served, so all that is asked is SERVFAIL
ZONE_WORDS = 5

# ── territories ───────────────────────────────────────────────────────────────────────────────────────────────────
TERRITORIES_TABLE = 16  # at: one at a territory
TERRITORIES_COUNT = 17

TERRITORY_NOWHERE = 0  # the route of clients whose place is not known
TERRITORY_IPV4 = 1  # a slot: the trie of the family's leaves
TERRITORY_IPV6 = 2
TERRITORY_WORDS = 4
TERRITORY_NODE = 4  # words: nodes stand at multiples of this

# A slot is a leaf, route << 8 | depth; or, where its last octet is above this, a node: what it is above this is the
# node's stride, the number of address bits of which its 2^stride slots tell the cases, and the rest is where it stands,
# in units of TERRITORY_NODE from the territory's start. No node's bits lie on both sides of an address's middle.
SLOT_NODE = 128

ROUTE_LIMIT = 0xFFFF00  # routes from here on are the four below
ROUTE_RESOLVER = 0xFFFF01  # a private block: the resolver's own address decides
ROUTE_6TO4 = 0xFFFF02  # IPv4 in bits 16–47 (RFC 3056)
ROUTE_TEREDO = 0xFFFF03  # IPv4 in bits 96–127, inverted (RFC 4380)
ROUTE_LOW32 = 0xFFFF04  # IPv4 in bits 96–127: mapped (RFC 4291 §2.5.5.2) and 64:ff9b::/96 (RFC 6052)

# ── plans ─────────────────────────────────────────────────────────────────────────────────────────────────────────
PLANS_TABLE = 16  # at: one at a plan
PLANS_COUNT = 17

PLAN_TERRITORY = 0  # number of the territory
PLAN_ROUTES = 1  # how many; then for each route the distribution, or one of the two below
PLAN_LOCATE = 2  # whose address decides on the route, one of the three below
PLAN_WORDS = 3

ROUTE_NO_ADDRESS = 0
ROUTE_UNRESOLVED = 1  # it leads to a name outside that nobody could resolve

LOCATE_EITHER = 0  # the client subnet, else the resolver
LOCATE_RESOLVER = 1
LOCATE_SUBNET = 2

DISTRIBUTION_SLOT = 0  # whose count of answers is the ticket
DISTRIBUTION_SPARE = 1  # the distribution over members that have this family; 0: there is none, nor an answer
DISTRIBUTION_TOTAL = 2
DISTRIBUTION_STEP = 3
DISTRIBUTION_DRIFT = 4
DISTRIBUTION_COUNT = 5  # of entries
DISTRIBUTION_ENTRIES = 6
DISTRIBUTION_BUCKETS = 7  # at: an entry's number for each of the TOTAL buckets of clients; 0: entries say until where
DISTRIBUTION_WIDTH = 8  # each number has 2^WIDTH bits, the first of a word its lowest
DISTRIBUTION_PREFIXES = 9  # bits that tell a client: of IPv4 << 8 | of IPv6
DISTRIBUTION_ORDER = 10  # in which positions are met: one of these
DISTRIBUTION_GROUND = 11  # why these members: one of those below
DISTRIBUTION_WORDS = 12

ORDER_IN_TURN = 0  # by the ticket: each once in a round
ORDER_AT_RANDOM = 1  # by a hash of the ticket
ORDER_BY_CLIENT = 2  # by a hash of the client's prefix, whatever the ticket

GROUND_HEALTHY = 0
GROUND_FALLBACK = 1  # no pool of the route holds: the policy's fallback
GROUND_FAIL_OPEN = 2  # nor does that: a pool in full, whatever its health

ENTRY_UNTIL = 0  # positions below this, from the last entry's on
ENTRY_SETS = 1  # the first of its sets
ENTRY_VARIANTS = 2  # how many take turns; 0: a member lacks this family, draw from the spare
ENTRY_TALLIES = 3  # a count, then where each member's answers are counted
ENTRY_WORDS = 4

ANSWER_OCTET = 0  # from the start of the block
ANSWER_LENGTH = 1
ANSWER_COUNT = 2  # records
ANSWER_WORDS = 3

# ── transfers ─────────────────────────────────────────────────────────────────────────────────────────────────────
TRANSFERS_DIRECTORY = 16  # at: JSON (see transfers.py)
TRANSFERS_LENGTH = 17  # octets of it
TRANSFERS_OCTETS = 18  # at: the records

# ── counting ──────────────────────────────────────────────────────────────────────────────────────────────────────
ZONE_SLOTS = 4096  # 0: no zone of ours; the last one: all zones beyond that
PICK_SLOTS = 65536  # members; likewise
ROTATION_SLOTS = 65536  # counts of answers given, the tickets of the next draws
