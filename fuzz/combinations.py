"""Every opcode, flag, type and class: each gets a sane reply, or none.

python -m fuzz.combinations            all opcodes × types × classes below, and every header: some minutes
python -m fuzz.combinations --every 64 one type of 64 in each of them, and the types that mean something
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from struct import pack

from fuzz import laws
from fuzz.desk import Asked

CLASSES = (1, 3, 4, 254, 255, 0, 2, 65535)
SPECIAL = (*range(1, 110), *range(248, 262), 32768, 32769, 65280, 65534, 65535, 0)  # types that mean something
NAMES = ("www", "app", "x.app", "mixed", "alias", "away", "circle", "x.wild", "x.cut", "cut", "deep", "no", "big", "")
_OPT = b"\0\0\x29\x04\xd0\0\0\x80\0\0\x0c\0\x0a\0\x08cookies!"
_OPCODES = range(16)


def wire(name: str) -> bytes:
    labels = [*filter(None, name.split(".")), "example", "com"]
    return b"".join(pack("B", len(label)) + label.encode() for label in labels) + b"\0"


def question(name: str, rtype: int = 1, rclass: int = 1, flags: int = 0, edns: bool = True) -> bytes:
    head = pack("!6H", 0x4711, flags, 1, 0, 0, int(edns))
    return head + wire(name) + pack("!2H", rtype, rclass) + (_OPT if edns else b"")


def headers() -> Iterator[bytes]:
    """All 65,536 flag words, each over a name and type of its own turn."""
    for flags in range(65536):
        yield question(NAMES[flags % len(NAMES)], SPECIAL[flags // 7 % len(SPECIAL)], 1, flags, bool(flags & 0x400))


def types(every: int, name: str) -> Iterator[bytes]:
    for rtype in _thinned(every):
        yield question(name, rtype)


def classes(every: int) -> Iterator[bytes]:
    for rclass in _thinned(every):
        yield question("app", 1, rclass)


def crossed(every: int) -> Iterator[bytes]:
    """Opcode × type × class."""
    for opcode in _OPCODES:
        for rclass in CLASSES:
            for rtype in _thinned(every):
                yield question(NAMES[rtype % len(NAMES)], rtype, rclass, opcode << 11)


def counts() -> Iterator[bytes]:
    """Every small number of records in each section of the header, which the body does not bear out."""
    body = question("www", 1, 1)[laws.HEADER :]
    for number in range(5**4):
        told = (number % 5, number // 5 % 5, number // 25 % 5, number // 125)
        yield pack("!6H", 0x4711, 0, *(each if each < 4 else 65535 for each in told)) + body


def _thinned(every: int) -> Iterator[int]:
    special = set(SPECIAL)
    return (number for number in range(65536) if number % every == 0 or number in special)


def everything(every: int) -> Iterator[bytes]:
    yield from headers()
    yield from counts()
    yield from classes(every)
    for name in NAMES:
        yield from types(every, name)
    yield from crossed(every)


def judge(packets: Iterator[bytes]) -> Counter[str]:
    """How many replies had which response code. Raises laws.Broken, and names the packet."""
    asked = Asked()
    outcomes: Counter[str] = Counter()
    stream = False
    for packet in packets:
        stream = not stream
        reply = asked.ask(packet, stream=stream)
        try:
            laws.hold(packet, reply, stream=stream)
        except laws.Broken as law:
            law.add_note(f"packet {packet.hex()}\nreply  {reply.hex()}")
            raise
        outcomes[f"rcode {reply[3] & 15}" if reply else "none"] += 1
    if asked.faults():
        raise laws.Broken("answering raised an exception")
    return outcomes


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--every", type=int, default=1, metavar="N", help="one type, or class, of N")
    outcomes = judge(everything(reader.parse_args().every))
    print(f"{sum(outcomes.values()):,} questions, each with a sane reply or none: {dict(outcomes.most_common())}")


if __name__ == "__main__":
    main()
