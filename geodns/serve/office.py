"""Behind the desk: messages for which the table is not enough. Signed ones (TSIG), those for copies of zones, and word
that a zone has changed (NOTIFY).

What a signed query asks is answered as ever, and the reply is signed. Everything else that is odd gets the code that
says so: other opcodes than QUERY and NOTIFY, and copies of what is of another class.
"""

import logging
from collections.abc import AsyncGenerator, Callable
from ipaddress import ip_address

from geodns.answer.memory import Memory
from geodns.answer.rcode import FORMERR, NOERROR, NOTIMP, REFUSED, SERVFAIL
from geodns.answer.terms import BUSY, HTTPS, UDP
from geodns.answer.wire import AXFR, IN, IXFR
from geodns.model.name import Name, show
from geodns.serve.copying import NOTAUTH, Refusal, bodies, fitting, is_transfer, judge
from geodns.serve.counts import Counts, Event
from geodns.serve.failure import question_end
from geodns.serve.letter import Answer, Letter
from geodns.serve.notices import Notices
from geodns.serve.outline import SOA, Malformed, Outline, outline
from geodns.serve.tsig import Rejected, Session, verify
from geodns.table.image import Table
from geodns.table.transfers import Copied

log = logging.getLogger(__name__)

AT_ONCE = 50  # copies under way in a worker; who asks for more is told to come back
QUERY, NOTIFY = 0, 4  # opcodes; the second one: RFC 1996 §3.2
TOLD_EVERY = 1.0  # seconds; whoever asks again and again must not fill the log
_TRANSFERS = tuple(rtype.to_bytes(2, "big") + IN.to_bytes(2, "big") for rtype in (AXFR, IXFR))


class Office:
    """Of one desk, whose memory it goes by. `answer`: what a signed message is answered with; `clock`: seconds since
    1970."""

    def __init__(
        self,
        answer: Answer,
        counts: Counts,
        clock: Callable[[], float],
        notices: Notices,
        memory: Memory,
    ) -> None:
        self._answer = answer
        self._counts = counts
        self._clock = clock
        self._notices = notices
        self._memory = memory
        self._under_way = 0
        self._told_at = float("-inf")

    def reply_to(self, table: Table, packet: bytes, client: bytes, transport: int) -> bytes:
        """Empty: no reply is due."""
        try:
            form = outline(packet)
            session = None if form.signature is None else self._verify(table, packet, form)
        except Malformed:
            return self._refuse_to_read(packet, client, transport)
        if session is None:
            return self._say(table, self._letter(packet, client, transport), form)
        if isinstance(session, Rejected):
            return self._reject(self._letter(packet, client, transport), session)
        return self._sign(table, self._letter(session.message, client, transport), form, session)

    def at_length(
        self, table: Table, packet: bytes, client: bytes, transport: int
    ) -> AsyncGenerator[bytes, None] | None:
        """The messages of a copy; None where the packet asks for none, or may not have it: reply_to() says why."""
        if table.transfers is None or transport == HTTPS or not _asks_for_copy(packet):
            return None
        self._memory.now = int(self._clock() * 1000)
        try:
            form = outline(packet)
            session = None if form.signature is None else self._verify(table, packet, form)
        except Malformed:
            return None
        if isinstance(session, Rejected):
            return None
        zone = judge(table.transfers, form, client, None if session is None else session.key)
        if isinstance(zone, Refusal):
            return None
        letter = self._letter(packet if session is None else session.message, client, transport)
        return None if letter.read() else self._copy(zone, letter, form, session)

    def _letter(self, message: bytes, client: bytes, transport: int) -> Letter:
        return Letter(message, client, transport, self._memory)

    def _refuse_to_read(self, packet: bytes, client: bytes, transport: int) -> bytes:
        letter = self._letter(packet, client, transport)
        letter.read()
        return letter.say(FORMERR if packet[2] >> 3 & 0x0F in (QUERY, NOTIFY) else NOTIMP)

    def _say(self, table: Table, letter: Letter, form: Outline, session: Session | None = None) -> bytes:
        """In this order: an opcode that is not ours, whatever it holds; what is wrong with EDNS; what is asked."""
        fault = letter.read()
        if form.opcode not in (QUERY, NOTIFY):
            return letter.say(NOTIMP)
        if fault:
            return letter.say(fault)
        if form.opcode == NOTIFY:
            return self._notify(table, letter, form, session)
        if is_transfer(form):
            return self._transfer(table, letter, form, session)
        return letter.say(REFUSED)

    # ── signed ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _verify(self, table: Table, packet: bytes, form: Outline) -> Session | Rejected:
        keys = table.transfers.keys if table.transfers is not None else {}
        return verify(packet, form, keys, self._clock())

    def _reject(self, letter: Letter, rejected: Rejected) -> bytes:
        self._counts.add(Event.SIGNATURE_REFUSED)
        key = rejected.signature.key
        self._tell("a message from %s that %s has signed is refused: %s", letter.client, key, rejected)
        letter.read()
        return letter.signed(letter.say(NOTAUTH), rejected.sign)

    def _sign(self, table: Table, letter: Letter, form: Outline, session: Session) -> bytes:
        if form.opcode == QUERY and form.rtype not in (AXFR, IXFR):
            reply = letter.answer(self._answer, table)
        else:
            reply = self._say(table, letter, form, session)
        return letter.signed(reply, lambda plain: session.sign(plain, self._clock()))

    # ── word of a change ──────────────────────────────────────────────────────────────────────────────────────────

    def _notify(self, table: Table, letter: Letter, form: Outline, session: Session | None) -> bytes:
        """RFC 1996 §3. Whoever sends it for a zone that is copied is answered alike: whose word counts, control knows.

        Another zone, ours or not, is one for which nobody is our primary: NOTAUTH, as it is for what is not ours to
        take part in (RFC 2136 §2.2). REFUSED would say that another sender were heard.
        """
        if form.rtype != SOA or form.rclass != IN:
            return letter.say(FORMERR)
        if letter.transport == HTTPS:
            return letter.say(REFUSED)
        zone = Name(form.name.lower())
        if table.transfers is None or zone not in table.transfers.followed:
            return letter.say(NOTAUTH)
        key = None if session is None else session.key
        heard = self._notices.pass_on(zone, ip_address(letter.client), key, self._clock())
        self._counts.add(Event.NOTIFIED if heard else Event.NOTIFY_HELD)
        return letter.say(NOERROR, authoritative=True)

    # ── copies ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _transfer(self, table: Table, letter: Letter, form: Outline, session: Session | None) -> bytes:
        """What one message can say."""
        zone = judge(table.transfers, form, letter.client, None if session is None else session.key)
        if isinstance(zone, Refusal):
            self._counts.add(Event.TRANSFER_REFUSED)
            self._tell("%s asks for a copy of %s, and is refused: %s", letter.client, form.name, zone)
            return letter.say(zone.rcode, extended=zone.extended)
        if letter.transport == HTTPS:
            return letter.say(REFUSED)
        if letter.transport != UDP:
            return self._busy(letter, form)
        if form.rtype == AXFR:  # RFC 5936 §4.2: there is no such thing
            return letter.say(FORMERR)
        return letter.give(*fitting(zone, form, letter.room - (0 if session is None else session.size)))

    def _busy(self, letter: Letter, form: Outline) -> bytes:
        self._tell(
            "%s asks for a copy of %s, and has to wait: %s are under way", letter.client, form.name, self._under_way
        )
        return letter.say(SERVFAIL, extended=BUSY)

    async def _copy(
        self, zone: Copied, letter: Letter, form: Outline, session: Session | None
    ) -> AsyncGenerator[bytes, None]:
        if self._under_way >= AT_ONCE:
            busy = self._busy(letter, form)
            yield session.sign(busy, self._clock()) if session is not None else busy
            return
        self._under_way += 1
        self._counts.add(Event.TRANSFER)
        messages = records = 0
        try:
            for octets, count in bodies(zone, form):
                message = letter.give(octets, count)
                messages += 1
                records += count
                yield session.sign_next(message, self._clock()) if session is not None else message
            self._say_copied(zone, form, letter.client, session, records, messages)
        finally:
            self._under_way -= 1

    def _say_copied(
        self, zone: Copied, form: Outline, client: bytes, session: Session | None, records: int, messages: int
    ) -> None:
        how = "AXFR" if form.rtype == AXFR else f"IXFR from serial {form.serial}"
        log.info(
            "%s with serial %d went to %s%s: %s, %d records in %d messages",
            show(form.name),
            zone.serial,
            ip_address(client),
            f" with key {show(session.key)}" if session is not None else "",
            how,
            records,
            messages,
        )

    def _tell(self, text: str, client: bytes, name: bytes, why: object) -> None:
        now = self._clock()
        if now - self._told_at >= TOLD_EVERY:
            self._told_at = now
            log.info(text, ip_address(client), show(name), why)


def _asks_for_copy(packet: bytes) -> bool:
    """Looked at for each message of a stream, so without taking it apart."""
    end = question_end(memoryview(packet), len(packet))
    return not packet[2] & 0xF8 and packet[end - 4 : end] in _TRANSFERS if end else False
