"""A reply by UDP → is it sent? Response rate limiting: no prefix of clients gets more than the limits let it have.

Sources can be forged, and a reply is larger than its question: without limits a server helps to flood others. Each
reply is charged to two accounts of the client's prefix: one for this kind of reply, one for all of them.

    word of an account:   38 bits when it is even again, µs · 4 bits whose turn it is to slip · 22 bits which account

An account fills by time alone and has room for a second's replies. Only the moment at which it is full again is kept
(the virtual scheduling of ITU-T I.371, GCRA), so nothing has to be aged, and an account that is even may be forgotten:
nobody could tell. So a table holds those that are in use just now, and a new one takes the place of the one in its
bucket that is nearest to even: many prefixes with little do not push out the few with much.

Workers share the accounts without a lock. Each is one word, so two that meet may lose a reply's charge, and no more.
"""

from geodns.answer import cells, crowd, locate, rcode
from geodns.answer.limiter import Limiter
from geodns.answer.memory import Memory
from geodns.answer.query import Query
from geodns.table import layout


def judge(query: Query, limiter: Limiter, memory: Memory) -> int:
    """The reply's fate, one of cells."""
    limiter.now = memory.now * 1000 & limiter.latest
    _know_client(query, limiter)
    kind = _kind_of(query)
    _find_accounts(limiter, kind, _subject(query, kind))
    ahead = _ahead(limiter, limiter.words[limiter.account]) + limiter.interval
    if ahead > cells.ROOM:
        return _limit(limiter, memory, kind, limiter.account)
    total_ahead = _ahead(limiter, limiter.words[limiter.total]) + limiter.total_interval
    if total_ahead > cells.ROOM:
        return _limit(limiter, memory, cells.TOTAL, limiter.total)
    _charge(limiter, limiter.account, ahead)
    _charge(limiter, limiter.total, total_ahead)
    return cells.SENT


def _kind_of(query: Query) -> int:
    if query.rcode == rcode.NXDOMAIN:
        return cells.MISSING
    if query.rcode != rcode.NOERROR or query.zone == 0:
        return cells.ERRORS
    return cells.NAMES


def _subject(query: Query, kind: int) -> int:
    """What replies of a kind are told apart by: nothing that an asker can make up.

    A name that is there is its node, and that of a wildcard is the one for all names it covers; the type is left out.
    """
    if kind == cells.NAMES:
        return query.node
    return query.zone if kind == cells.MISSING else 0


# ── the client ────────────────────────────────────────────────────────────────────────────────────────────────────


def _know_client(query: Query, limiter: Limiter) -> None:
    """Its address, IPv4 as IPv6 maps it; the bucket of its prefix, and the prefix's part of the tags.

    The hash is a sum of products with secret numbers, of which the upper half is taken (multilinear hashing; D. Lemire
    and O. Kaser, "Strongly universal string hashing is fast", 2014): any two prefixes meet with the chance that the
    bits give them, and nobody can know which will.
    """
    at = 0
    if query.client_length == 4:
        limiter.client[0] = 0
        limiter.client[1] = 0
        limiter.client[2] = 0xFFFF
        limiter.client[3] = locate.word(query.client, 0)
    else:
        while at < 4:
            limiter.client[at] = locate.word(query.client, at * 4)
            at += 1
    limiter.mask = at = 0
    if limiter.client[0] == 0 and limiter.client[1] == 0 and limiter.client[2] == 0xFFFF:
        limiter.mask = 4
        at = 2  # nothing comes of words that are zero
    bucket = limiter.words[cells.KEYS]
    tag = limiter.words[cells.KEYS + cells.ROW]
    while at < 4:
        word = limiter.client[at] & limiter.masks[limiter.mask + at]
        bucket += limiter.words[cells.KEYS + 1 + at] * word
        tag += limiter.words[cells.KEYS + cells.ROW + 1 + at] * word
        at += 1
    limiter.bucket = (bucket >> 33 & layout.HASH_MASK) & limiter.buckets
    limiter.tag = tag


def _is_exempt(limiter: Limiter) -> bool:
    """Whether the last of the ranges that begin at or before the client's address ends at or after it."""
    low = 0
    high = limiter.exempted
    while low < high:
        middle = (low + high) >> 1
        if _compare(limiter, middle * 8) < 0:
            high = middle
        else:
            low = middle + 1
    return low > 0 and _compare(limiter, low * 8 - 4) <= 0


def _compare(limiter: Limiter, at: int) -> int:
    """The client's address with the one at `at`: below 0 where it comes before that, 0 where it is the same."""
    word = 0
    while word < 3 and limiter.client[word] == limiter.exempt[at + word]:
        word += 1
    if limiter.client[word] == limiter.exempt[at + word]:
        return 0
    return -1 if limiter.client[word] < limiter.exempt[at + word] else 1


# ── the accounts ──────────────────────────────────────────────────────────────────────────────────────────────────


def _find_accounts(limiter: Limiter, kind: int, subject: int) -> None:
    """Where the words of both are: in the bucket of the prefix, and so in one line of the cache."""
    tag = _tag(limiter, kind, subject)
    total_tag = _tag(limiter, cells.TOTAL, 0)
    limiter.account = limiter.total = 0
    at = cells.ACCOUNTS + limiter.bucket * cells.WAYS
    end = at + cells.WAYS
    while at < end:
        found = limiter.words[at] & cells.TAG
        if found == tag:
            limiter.account = at
        elif found == total_tag:
            limiter.total = at
        at += 1
    if limiter.account == 0:
        limiter.account = _open(limiter, tag, limiter.total)
    if limiter.total == 0:
        limiter.total = _open(limiter, total_tag, limiter.account)


def _tag(limiter: Limiter, kind: int, subject: int) -> int:
    tag = limiter.tag + limiter.words[cells.KEYS + cells.ROW + 5] * kind
    return tag + limiter.words[cells.KEYS + cells.ROW + 6] * subject >> 33 & cells.TAG


def _open(limiter: Limiter, tag: int, other: int) -> int:
    """A fresh account in place of the one that is nearest to even; the query's other one stays."""
    at = cells.ACCOUNTS + limiter.bucket * cells.WAYS
    end = at + cells.WAYS
    chosen = at
    least = cells.STRAY + 1
    while at < end:
        ahead = _ahead(limiter, limiter.words[at])
        if ahead < least and at != other:
            least = ahead
            chosen = at
        at += 1
    limiter.words[chosen] = limiter.now << cells.UNTIL | tag
    return chosen


def _ahead(limiter: Limiter, word: int) -> int:
    """µs until the account is even; 0: it is."""
    ahead = (word >> cells.UNTIL) - limiter.now & limiter.latest
    return ahead if ahead <= cells.STRAY else 0


def _charge(limiter: Limiter, account: int, ahead: int) -> None:
    until = limiter.now + ahead & limiter.latest
    limiter.words[account] = until << cells.UNTIL | limiter.words[account] & (1 << cells.UNTIL) - 1


# ── what is too much ──────────────────────────────────────────────────────────────────────────────────────────────


def _limit(limiter: Limiter, memory: Memory, kind: int, account: int) -> int:
    """The list of exempt networks is looked at here only, so that it costs nobody else anything."""
    if _is_exempt(limiter):
        return cells.SENT
    fate = cells.SPARED if limiter.dry_run else _next_fate(limiter, account)
    memory.counts[cells.LIMITED + kind * cells.FATE_COUNT + fate] += 1
    crowd.note(limiter)
    return fate


def _next_fate(limiter: Limiter, account: int) -> int:
    """By the account's own turn: with one for all, two floods at once could be told apart by it."""
    if limiter.slip == 0:
        return cells.DROPPED_REPLY
    word = limiter.words[account]
    turn = (word >> cells.TURN & 0xF) + 1
    fate = cells.DROPPED_REPLY
    if turn >= limiter.slip:
        turn = 0
        fate = cells.SLIPPED
    limiter.words[account] = word >> cells.UNTIL << cells.UNTIL | turn << cells.TURN | word & cells.TAG
    return fate
