"""Replies that leave the core: the codes of what we do not do, with EDNS, sizes and rate limits as everywhere."""

from collections import Counter
from collections.abc import Callable
from ipaddress import ip_network
from random import Random

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.update
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.answer import cells
from geodns.answer.conduct import Conduct
from geodns.answer.limits import fresh_memory, limiter_for
from geodns.answer.memory import private_memory
from geodns.answer.reply import answer
from geodns.answer.terms import COOKIES_ON, COOKIES_REQUIRED, TCP, TLS, UDP
from geodns.model.name import parse_name
from geodns.model.rate_limit import RateLimit
from geodns.model.transfer import Key
from geodns.serve.counts import Event
from geodns.serve.desk import Desk
from tests import values
from tests.answer.packets import COOKIE, header, opt, option, question
from tests.copies import KEY, table_of
from tests.serve.standins import QUERY
from tests.serve.test_notify import TABLE, notify
from tests.serve.test_office import KEYED, OPEN, OTHER, Served, grown, ixfr, query, read, signed


def with_opcode(opcode: int) -> dns.message.Message:
    made = query()
    made.set_opcode(dns.opcode.Opcode(opcode))
    return made


UPDATE = dns.update.UpdateMessage("example.com")
UPDATE.add("www", 60, "A", "192.0.2.1")
UPDATE.delete("old")

served = Served(table_of(KEYED))


# ── what is said ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "rcode"),
    [
        (with_opcode(2), "NOTIMP"),  # STATUS
        (with_opcode(15), "NOTIMP"),
        (UPDATE, "NOTIMP"),
        (query(rtype="AXFR", rdclass="CH"), "REFUSED"),
        (query(rtype="IXFR", rdclass="ANY"), "REFUSED"),
        (query(rdclass="HS"), "REFUSED"),
    ],
)
def test_what_we_do_not_do_gets_the_code_that_says_so(asked: dns.message.Message, rcode: str) -> None:
    reply = served.ask(asked)
    assert (reply.id, reply.opcode(), dns.rcode.to_text(reply.rcode())) == (asked.id, asked.opcode(), rcode)
    assert reply.flags & dns.flags.QR
    assert reply.edns == asked.edns
    assert reply.sections[0] == asked.sections[0]
    assert not any(reply.sections[1:])


@pytest.mark.parametrize("opcode", [0, 4])
@pytest.mark.parametrize(
    "records",
    [
        pytest.param([opt(), opt()], id="two OPT records"),
        pytest.param([opt(owner=b"\3www\0")], id="one of a name"),
        pytest.param([opt(option(8, b"\0\1"))], id="a client subnet cut short"),
        pytest.param([opt(option(COOKIE, b"short"))], id="a cookie too short"),
        pytest.param([opt()[:-1] + b"\x04" + b"\0\x0a\0\x09"], id="an option beyond its record"),
    ],
)
def test_edns_that_is_malformed_is_a_format_error_here_too(opcode: int, records: list[bytes]) -> None:
    packet = header(opcode << 11, ar=len(records)) + question("example.com.", 252 if opcode == 0 else 6)
    served = Served(table_of(KEYED), Conduct(cookies=COOKIES_ON))
    reply = dns.message.from_wire(served.send(packet + b"".join(records), transport=TCP))
    assert (reply.rcode(), reply.opcode()) == (dns.rcode.FORMERR, opcode)


@pytest.mark.parametrize(("counts", "id_"), [({"an": 1}, "answer"), ({"ns": 1}, "authority")])
def test_an_opt_record_in_another_section_is_a_format_error(counts: dict[str, int], id_: str) -> None:
    packet = header(4 << 11, **counts) + question("example.org.", 6) + opt()
    assert dns.message.from_wire(Served(TABLE).send(packet)).rcode() == dns.rcode.FORMERR


@pytest.mark.parametrize("packet", [b"", QUERY[:11], QUERY[:2] + b"\xa1" + QUERY[3:]])
def test_no_reply_to_a_response_or_less_than_a_header(packet: bytes) -> None:
    assert served.send(packet) == b""


@given(st.binary(max_size=60), st.integers(min_value=1, max_value=15))
def test_any_octets_after_the_header_of_another_opcode_get_a_small_reply(tail: bytes, opcode: int) -> None:
    reply = served.send(b"\x12\x34" + bytes((opcode << 3, 0)) + b"\0\1\0\0\0\0\0\0" + tail)
    assert 12 <= len(reply) <= 512
    assert reply[:2] == b"\x12\x34"
    assert reply[2] == 0x80 | opcode << 3


# ── options and sizes ─────────────────────────────────────────────────────────────────────────────────────────────

ODD: dict[str, Callable[[], dns.message.Message]] = {
    "another opcode": lambda: with_opcode(2),
    "another class": lambda: query(rdclass="HS"),
    "a copy in another class": lambda: query(rtype="AXFR", rdclass="CH"),
    "a copy": lambda: query(rtype="AXFR"),
    "a change": lambda: ixfr(3),
    "a change, signed": lambda: ixfr(7, KEY),
    "a question, signed": lambda: query(key=KEY),
    "signed with a key that nobody knows": lambda: query(key=OTHER),
    "word of a change": lambda: notify("example.org."),
    "word of a change elsewhere": lambda: notify("example.net."),
}
BOTH = table_of(KEYED, values.zone(name="example.org."))


@pytest.mark.parametrize("asked", ODD.values(), ids=ODD)
@pytest.mark.parametrize("payload", [512, 1232, 1400, 4096])
def test_every_reply_says_the_configured_size(asked: Callable[[], dns.message.Message], payload: int) -> None:
    reply = Served(BOTH, Conduct(payload=payload)).ask(asked())
    assert (reply.edns, reply.payload) == (0, payload)


@pytest.mark.parametrize(
    ("payload", "taken", "most"),
    [(512, 4096, 512), (1232, 4096, 1232), (1400, 4096, 1400), (4096, 4096, 4096), (4096, 900, 900), (4096, 100, 512)],
)
@pytest.mark.parametrize("key", [None, KEY], ids=["unsigned", "signed"])
def test_every_reply_obeys_the_configured_size_and_the_client_s(
    payload: int, taken: int, most: int, key: Key | None
) -> None:
    """One addition more or less decides whether what has changed fits."""
    sizes = []
    for number in range(1, 40):
        served = Served(grown(*(f"added{each}" for each in range(number))), Conduct(payload=payload))
        asked = ixfr(7, key)
        asked.use_edns(payload=taken)
        octets = served.send(signed(asked, served.now))
        if len(dns.message.from_wire(octets, keyring=False, one_rr_per_rrset=True).answer) == 1:
            break
        sizes.append(len(octets))
    assert most - 140 < max(sizes) <= most


@pytest.mark.parametrize("asked", ODD.values(), ids=ODD)
@pytest.mark.parametrize("transport", [UDP, TCP, TLS])
def test_every_reply_has_the_options_that_were_asked_for(
    asked: Callable[[], dns.message.Message], transport: int
) -> None:
    options: list[dns.edns.Option] = [
        dns.edns.GenericOption(dns.edns.OptionType.COOKIE, b"\1\2\3\4\5\6\7\x08"),
        dns.edns.GenericOption(dns.edns.OptionType.NSID, b""),
        dns.edns.ECSOption("192.0.2.0", 24, 0),
        dns.edns.GenericOption(dns.edns.OptionType.PADDING, b""),
        dns.edns.GenericOption(dns.edns.OptionType(11), b""),
    ]
    made = asked()
    made.use_edns(0, payload=1232, options=options)
    reply = Served(BOTH, Conduct(cookies=COOKIES_ON, identity=b"fra1")).ask(made, transport=transport)
    had = {option.otype: option.to_wire() or b"" for option in reply.options}
    assert had[dns.edns.OptionType.COOKIE][:8] == b"\1\2\3\4\5\6\7\x08"
    assert len(had[dns.edns.OptionType.COOKIE]) == 24
    assert had[dns.edns.OptionType.NSID] == b"fra1"
    assert had[dns.edns.OptionType.ECS][:4] == b"\0\1\x18\0"
    assert (dns.edns.OptionType(11) in had) == (transport != UDP)
    assert (dns.edns.OptionType.PADDING in had) == (transport == TLS)


def test_of_a_copy_the_first_message_has_the_options() -> None:
    served = Served(table_of(OPEN), Conduct(cookies=COOKIES_ON))
    asked = query(rtype="AXFR")
    asked.use_edns(0, options=[dns.edns.GenericOption(dns.edns.OptionType.COOKIE, bytes(8))])
    first, *others = [dns.message.from_wire(octets, keyring=False) for octets in served.stream(asked)]
    assert [option.otype for option in first.options] == [dns.edns.OptionType.COOKIE]
    assert {each.edns for each in others} == {-1}


@pytest.mark.parametrize(
    ("asked", "transport", "code"),
    [
        (lambda: ixfr(3), UDP, "BADCOOKIE"),
        (lambda: query(rtype="AXFR"), UDP, "BADCOOKIE"),
        (lambda: query(key=KEY), UDP, "BADCOOKIE"),
        (lambda: query(rdclass="HS"), UDP, "BADCOOKIE"),
        (lambda: ixfr(3), TCP, "REFUSED"),
        (lambda: with_opcode(2), UDP, "NOTIMP"),
        (lambda: notify("example.org."), UDP, "NOTAUTH"),
    ],
)
def test_where_cookies_are_required_a_query_has_to_bring_a_valid_one(
    asked: Callable[[], dns.message.Message], transport: int, code: str
) -> None:
    """Who sends word of a change may not know what to do with BADCOOKIE."""
    made = asked()
    made.use_edns(0, options=[dns.edns.GenericOption(dns.edns.OptionType.COOKIE, bytes(8))])
    reply = Served(BOTH, Conduct(cookies=COOKIES_REQUIRED)).ask(made, transport=transport)
    assert dns.rcode.to_text(reply.rcode()) == code


@pytest.mark.parametrize("asked", [ODD["a copy"], ODD["another class"], ODD["word of a change"]])
def test_another_version_of_edns_is_bad_whatever_is_asked(asked: Callable[[], dns.message.Message]) -> None:
    made = asked()
    made.use_edns(1)
    reply = served.ask(made)
    assert (reply.rcode(), reply.edns, reply.opcode()) == (dns.rcode.BADVERS, 0, made.opcode())


LONG = ".".join(["x" * 63] * 3 + ["y" * 61])  # 255 octets
LONGEST = Key(name=parse_name(LONG), algorithm="hmac-sha512", secret=bytes(64))


@pytest.mark.parametrize("name", ["example.com.", f"{LONG[:240]}."])
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("late", [0, 1000])
def test_however_long_names_are_a_signed_reply_fits(name: str, known: bool, late: int) -> None:
    served = Served(table_of(KEYED, keys=[LONGEST] if known else []))
    asked = query(name, "TXT", LONGEST, edns=False)
    packet = signed(asked, served.now - late)
    octets = served.send(packet)
    assert len(octets) <= 512
    reply = read(octets, asked)
    assert reply.tsig is not None or reply.flags & dns.flags.TC
    full = read(served.send(packet, transport=TCP), asked)
    assert full.tsig is not None
    assert (full.rcode() == dns.rcode.NOTAUTH) == (not known or late > 0)


# ── rate limits ───────────────────────────────────────────────────────────────────────────────────────────────────


class Limited(Served):
    """With a rate limit. Time stands still."""

    def __init__(self, conduct: Conduct | None = None, **limit: object) -> None:
        super().__init__(BOTH)
        self.limit = RateLimit(**{"responses": 5, "total": 1000, "slip": 0, "size": 4096, **limit})  # type: ignore[arg-type]
        self.words = fresh_memory(self.limit, Random(1).randbytes(128))
        self.memory = private_memory(conduct, limiter_for(self.limit, self.words))
        self.desk = Desk(self.current, answer, self.memory, self.counts, clock=lambda: self.now)

    def fates(self, asked: dns.message.Message, times: int = 8, transport: int = UDP) -> str:
        """A letter each: whole, cut, or dropped."""
        packet = signed(asked, self.now)
        return "".join(map(_fate, (self.send(packet, transport=transport) for _ in range(times))))

    def counted(self) -> Counter[tuple[int, int]]:
        places = ((kind, fate) for kind in range(cells.KIND_COUNT) for fate in range(cells.FATE_COUNT))
        return +Counter(
            {(kind, fate): self.memory.counts[cells.LIMITED + kind * cells.FATE_COUNT + fate] for kind, fate in places}
        )


def _fate(octets: bytes) -> str:
    return "-" if not octets else "t" if octets[2] & 0x02 else "w"


@pytest.mark.parametrize("asked", ODD.values(), ids=ODD)
def test_a_flood_of_what_leaves_the_core_is_held_to_the_rate(asked: Callable[[], dns.message.Message]) -> None:
    limited = Limited()
    assert limited.fates(asked()) == "wwwww---"
    limited.now += 10
    assert limited.fates(asked()) == "wwwww---"
    assert limited.counted().total() == 6


@pytest.mark.parametrize("asked", ODD.values(), ids=ODD)
def test_by_tcp_nothing_is_limited(asked: Callable[[], dns.message.Message]) -> None:
    assert Limited().fates(asked(), transport=TCP) == "wwwwwwww"


def test_all_of_it_is_one_account_of_errors_but_answers_that_are_signed() -> None:
    limited = Limited()
    for name, asked in ODD.items():
        if name != "a question, signed":
            limited.send(signed(asked(), limited.now))
    assert limited.fates(query("example.net."), 3) == "---"
    assert limited.fates(query(key=KEY), 8) == "wwwww---"
    assert set(limited.counted()) == {(cells.ERRORS, cells.DROPPED_REPLY), (cells.NAMES, cells.DROPPED_REPLY)}


@pytest.mark.parametrize(
    ("asked", "fates"),
    [
        pytest.param(lambda: ixfr(7, KEY), "wwwww-t-t", id="what has records is cut"),
        pytest.param(lambda: query(key=KEY), "wwwww-t-t", id="an answer is cut, and signed"),
        pytest.param(lambda: ixfr(3), "wwwww-w-w", id="an error leaves as it is"),
        pytest.param(lambda: notify("example.org."), "wwwww-w-w", id="word of a change does so too"),
        pytest.param(lambda: with_opcode(2), "wwwww-w-w", id="another opcode does so too"),
    ],
)
def test_each_second_one_beyond_the_limit_slips(asked: Callable[[], dns.message.Message], fates: str) -> None:
    assert Limited(slip=2).fates(asked(), 9) == fates


def test_in_a_dry_run_it_is_counted_alone() -> None:
    limited = Limited(dry_run=True)
    assert limited.fates(query(rtype="AXFR")) == "wwwwwwww"
    assert limited.counted() == {(cells.ERRORS, cells.SPARED): 3}


def test_exempt_networks_are_not_limited() -> None:
    assert Limited(exempt=(ip_network("192.0.2.0/24"),)).fates(ixfr(3)) == "wwwwwwww"


def test_who_has_a_valid_cookie_is_not_limited() -> None:
    limited = Limited(Conduct(cookies=COOKIES_ON))
    asked = query(rtype="AXFR")
    asked.use_edns(0, options=[dns.edns.GenericOption(dns.edns.OptionType.COOKIE, bytes(8))])
    given, _ = limited.ask(asked).options  # and why it is refused
    asked.use_edns(0, options=[given])
    assert limited.fates(asked) == "wwwwwwww"


@pytest.mark.parametrize("asked", [ODD["a copy"], ODD["another opcode"], query])
def test_before_there_is_a_table_replies_are_limited_too(asked: Callable[[], dns.message.Message]) -> None:
    limited = Limited()
    limited.current.table = None
    assert limited.fates(asked()) == "wwwww---"


def test_word_of_a_change_is_heard_though_the_reply_is_dropped() -> None:
    """The limit is on what is sent; what is heard has one of its own."""
    limited = Limited()
    limited.current.replace(TABLE)
    assert limited.fates(notify("example.org.")) == "wwwww---"
    assert limited.count(Event.NOTIFY_HELD) == 8, "there is no control to pass it on to"
