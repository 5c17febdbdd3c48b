"""An option of the reply's OPT record: its head, and the few octets that some have. RFC 6891 §6.1.2."""

from geodns.answer.query import Query


def begin(query: Query, code: int, size: int) -> None:
    """The head of an option of `size` octets, which are to come next."""
    put_word(query, code)
    put_word(query, size)


def put_word(query: Query, word: int) -> None:
    query.reply[query.at] = word >> 8
    query.reply[query.at + 1] = word & 0xFF
    query.at += 2
