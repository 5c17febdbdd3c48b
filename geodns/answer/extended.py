"""Extended errors: why a reply is what it is, for people who look into it (RFC 8914). Numbered as terms has them."""

from itertools import accumulate

from geodns.answer import octets, option, wire
from geodns.answer.query import Query

# The code of each, and its text. A load balancer's own troubles have no code but 0, "Other". 20 is for names of which
# we have no zone (§4.21), 24 for a copied zone that has expired or never came (§4.25), 22 for a name outside that we
# could not resolve (§4.23), as then we are the resolver; 18 and 14 for copies of zones, which are not for the client
# (§4.19) or too many just now (§4.15): these need no words.
_TOLD = (
    (0, b""),
    (0, b"no pool of the first choice is healthy; this is the fallback"),
    (0, b"no backend is healthy; answered as if all were"),
    (14, b"no configuration has been read yet"),
    (20, b""),
    (3, b"health has not been followed for a minute or more"),
    (24, b""),
    (22, b""),
    (18, b""),
    (14, b""),
)
_codes = memoryview(bytes(code for code, _ in _TOLD))
_texts = memoryview(b"".join(text for _, text in _TOLD))
_begins = memoryview(bytes(accumulate((len(text) for _, text in _TOLD), initial=0)))


def room_for(number: int) -> int:
    """Octets that its option takes."""
    return wire.OPTION_HEAD + 2 + _begins[number + 1] - _begins[number]


def write_extended(query: Query) -> None:
    begin = _begins[query.extended]
    size = _begins[query.extended + 1] - begin
    option.begin(query, wire.EXTENDED_ERROR, 2 + size)
    option.put_word(query, _codes[query.extended])
    octets.copy(_texts, begin, query.reply, query.at, size)
    query.at += size
