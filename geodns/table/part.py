"""One part of a table: a buffer seen as words and as octets, with a head that tells whether it is whole."""

from dataclasses import dataclass
from hashlib import blake2b
from struct import pack_into

from geodns.table.layout import FORMAT, HEAD_DIGEST, HEAD_FIELDS, HEAD_FORMAT, HEAD_KIND, HEAD_SIZE, HEAD_WORDS, MAGIC

WORD = 4  # octets
Octets = bytes | bytearray | memoryview

_DIGEST = slice(HEAD_DIGEST * WORD, (HEAD_DIGEST + 8) * WORD)


class BadPart(ValueError):
    """Not a part, of another format, or damaged; the message says which."""


@dataclass(frozen=True, slots=True)
class Part:
    """Two views of the same memory."""

    words: memoryview  # of unsigned 32-bit integers
    octets: memoryview


def seal(kind: int, fields: tuple[int, ...], *pieces: Octets) -> bytes:
    """A whole part: head, `fields` from HEAD_FIELDS on, then the pieces, each of which is a whole number of words.

    They are copied once: a part may have a hundred million octets.
    """
    body = [memoryview(piece).cast("B") for piece in pieces]
    assert all(len(piece) % WORD == 0 for piece in body), "a part is whole words"
    head = bytearray(HEAD_SIZE * WORD)
    head[: len(MAGIC)] = MAGIC
    pack_into("=III", head, HEAD_FORMAT * WORD, FORMAT, kind, HEAD_SIZE + sum(map(len, body)) // WORD)
    pack_into(f"={len(fields)}I", head, HEAD_FIELDS * WORD, *fields)
    head[_DIGEST] = _digest(head, *body)
    return b"".join((head, *body))


def open_part(buffer: memoryview, kind: int) -> Part:
    """Verifies format, kind, length and checksum; raises BadPart."""
    octets = buffer.cast("B")
    if len(octets) < HEAD_SIZE * WORD or octets[: len(MAGIC)] != MAGIC:
        raise BadPart("not a part of a table")
    words = octets[: len(octets) // WORD * WORD].cast("I")
    if words[HEAD_FORMAT] != FORMAT:
        raise BadPart(f"format {words[HEAD_FORMAT]}, this version reads {FORMAT}")
    if words[HEAD_KIND] != kind or words[HEAD_WORDS] * WORD != len(octets):
        raise BadPart("truncated, or another kind of part")
    if octets[_DIGEST] != _digest(bytearray(octets[: HEAD_SIZE * WORD]), octets[HEAD_SIZE * WORD :]):
        raise BadPart("the checksum does not fit")
    return Part(words, octets)


def view(buffer: memoryview) -> Part:
    """Both views, not verified."""
    octets = buffer.cast("B")
    return Part(octets.cast("I"), octets)


def digest_of(part: bytes) -> str:
    """The checksum that a sealed part carries, in hexadecimal."""
    return part[_DIGEST].hex()


def _digest(head: bytearray, *body: memoryview) -> bytes:
    head = head[:]
    head[_DIGEST] = bytes(32)
    hash_ = blake2b(head, digest_size=32)
    for piece in body:
        hash_.update(piece)
    return hash_.digest()
