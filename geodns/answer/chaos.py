"""Questions of class CHAOS: which server this is, and what it runs (RFC 4892). Nothing else is known in that class."""

from geodns.answer import octets, rcode, sections, wire
from geodns.answer.memory import Memory
from geodns.answer.query import Query

_id_server = memoryview(b"\2id\6server\0")
_hostname_bind = memoryview(b"\x08hostname\4bind\0")
_version_server = memoryview(b"\7version\6server\0")
_version_bind = memoryview(b"\7version\4bind\0")


def answer_chaos(query: Query, memory: Memory) -> None:
    """REFUSED where there is nothing to tell, or the operator does not want it told."""
    query.rcode = rcode.REFUSED
    if query.qtype == wire.TXT or query.qtype == wire.ANY:
        if _asks(query, _id_server) or _asks(query, _hostname_bind):
            _tell(query, memory.conduct.identity)
        elif _asks(query, _version_server) or _asks(query, _version_bind):
            _tell(query, memory.conduct.version)


def _asks(query: Query, name: memoryview) -> bool:
    size = len(name)
    return query.end == wire.HEADER + size + 4 and octets.same(query.folded, wire.HEADER, name, 0, size)


def _tell(query: Query, record: memoryview) -> None:
    """An empty record is what the operator keeps to himself."""
    if len(record) > 0:
        query.rcode = rcode.NOERROR
        query.authoritative = 1
        if sections.append(record, 0, len(record), query):
            query.answers = 1
