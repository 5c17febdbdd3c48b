"""What is known of the question while it is being answered. One a desk, and one for each datagram of a batch;
written over by the next packet."""

from geodns.answer.terms import LINK, MAX_CHAIN
from geodns.answer.wire import COOKIE_HASH, HEADER, MAX_NAME


class Query:
    """Scratch. `take` says what is asked; each further group of fields is set by the module named beside it, before
    another reads it."""

    __slots__ = (
        "additional",
        "answers",
        "at",
        "authoritative",
        "authority",
        "before",
        "by_subnet",
        "carried",
        "client",
        "client_length",
        "cookie",
        "cookie_at",
        "cookie_kept",
        "denied",
        "do_bit",
        "ecs_address",
        "ecs_at",
        "ecs_family",
        "ecs_filled",
        "ecs_length",
        "ecs_source",
        "end",
        "extended",
        "folded",
        "found",
        "hash",
        "labels",
        "length",
        "limit",
        "met",
        "node",
        "opt_size",
        "owner_at",
        "owner_length",
        "packet",
        "qclass",
        "qtype",
        "rcode",
        "reply",
        "route",
        "scope",
        "stamped",
        "starts",
        "transport",
        "udp_size",
        "version",
        "wanted",
        "zone",
    )

    def __init__(self) -> None:
        self.take(memoryview(b""), 0, memoryview(b""), 0, memoryview(bytearray()))
        # question.py
        self.folded = memoryview(bytearray(HEADER + MAX_NAME))  # the name in lower case, where it stands in the packet
        self.end = 0  # just past the question
        self.qtype = 0
        self.qclass = 0
        # edns.py
        self.opt_size = 0  # octets of the OPT record that goes back; 0: the query has none
        self.version = 0
        self.udp_size = 0
        self.do_bit = 0
        self.wanted = 0  # options that the reply is to have: bits of terms
        # subnet.py
        self.ecs_at = 0  # where the client subnet option's family stands; 0: none
        self.ecs_length = 0  # octets of the option after its length
        self.ecs_family = 0
        self.ecs_source = 0  # prefix length
        self.ecs_address = memoryview(bytearray(16))  # zero beyond the source prefix
        self.ecs_filled = 0  # octets of it that the last option has set
        # cookie.py
        self.cookie = 0  # what it was found to be, one of terms
        self.cookie_at = 0  # where the client cookie stands; 0: there is none
        self.cookie_kept = 0  # 1: the server cookie that the client has goes back to it
        self.stamped = memoryview(bytearray(COOKIE_HASH + 16))  # what is hashed: the cookie's beginning, the address
        # find.py
        self.hash = 0  # of the whole name
        self.labels = 0  # of a name that is missing, without the root
        self.starts = memoryview(bytearray(MAX_NAME))  # of each of them and the root, from the name's own start
        self.node = 0
        self.zone = 0
        self.found = 0
        # chain.py: of each name that led on where it stands in the reply, its octets, and its node
        self.met = memoryview(bytearray(8 * LINK * MAX_CHAIN)).cast("q")
        # locate.py
        self.route = 0
        self.scope = 0
        self.by_subnet = 0  # 1: the client subnet decides on the route, and not the resolver's address
        self.before = 0  # bits before the IPv4 address inside the one that decides; 0: there is none
        self.carried = 0  # that address
        # reply.py
        self.rcode = 0
        self.authoritative = 0
        self.extended = 0  # an extended error, one of terms
        self.denied = 0  # 1: no such name or no such record
        self.answers = 0
        self.authority = 0
        self.additional = 0
        self.limit = 0  # octets the reply may have
        self.at = 0  # where the next octet of the reply goes
        self.owner_at = 0  # in the reply: the name that answers are given for, the question's or an alias's target
        self.owner_length = 0

    def take(self, packet: memoryview, length: int, client: memoryview, transport: int, reply: memoryview) -> None:
        """packet[:length] from `client`, an address packed in 4 or 16 octets.

        `reply` has room for as many octets as the transport, one of terms, may carry.
        """
        self.packet = packet
        self.length = length
        self.client = client
        self.client_length = len(client)
        self.transport = transport
        self.reply = reply
