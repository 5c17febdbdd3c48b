"""Behind the desk: messages for which the table is not enough. Signed ones (TSIG), those for copies of zones, and word
that a zone has changed (NOTIFY).

What a signed query asks is answered as ever, and the reply is signed. Everything else that is odd is left to `odd`.
"""

import logging
from collections.abc import AsyncGenerator, Callable
from ipaddress import ip_address

from geodns.answer.rcode import BADVERS, FORMERR, NOERROR, REFUSED, SERVFAIL
from geodns.answer.terms import HTTPS, LARGEST, PLAIN, UDP
from geodns.answer.wire import AXFR, HEADER, IN, IXFR
from geodns.model.name import Name, show
from geodns.serve import odd
from geodns.serve.copying import NOTAUTH, Refusal, bodies, fitting, is_transfer, judge
from geodns.serve.counts import Counts, Event
from geodns.serve.failure import bare_reply, question_end
from geodns.serve.notices import Notices
from geodns.serve.outline import SOA, Malformed, Outline, outline
from geodns.serve.short import AUTHORITATIVE, NOT_READY, TRUNCATED, header, opt, short_reply
from geodns.serve.tsig import Rejected, Session, verify
from geodns.table.image import Table
from geodns.table.transfers import Copied

log = logging.getLogger(__name__)

AT_ONCE = 50  # copies under way in a worker; who asks for more is told to come back
NOTIFY = 4  # the opcode, RFC 1996 §3.2
TOLD_EVERY = 1.0  # seconds; whoever asks again and again must not fill the log
_TRANSFERS = tuple(rtype.to_bytes(2, "big") + IN.to_bytes(2, "big") for rtype in (AXFR, IXFR))

# (table, message, client, transport) → the reply by the table; empty: none is due; None: the table has none
AnswerPlainly = Callable[[Table, bytes, bytes, int], bytes | None]


class Office:
    """Of one desk. `answer`: what the desk would say if the message were not signed; `clock`: seconds since 1970;
    `payload`: octets that a UDP reply may have; `extended`: whether replies say why they are what they are."""

    def __init__(
        self,
        answer: AnswerPlainly,
        counts: Counts,
        clock: Callable[[], float],
        notices: Notices,
        payload: int,
        extended: bool = True,
    ) -> None:
        self._answer = answer
        self._counts = counts
        self._clock = clock
        self._notices = notices
        self._payload = payload
        self._extended = extended
        self._under_way = 0
        self._told_at = float("-inf")

    def reply_to(self, table: Table, packet: bytes, client: bytes, transport: int) -> bytes:
        """Empty: no reply is due."""
        try:
            form = outline(packet)
            if form.signature is not None:
                return self._signed(table, packet, form, client, transport)
        except Malformed:
            return _malformed(packet)
        if is_transfer(form):
            return self._transfer(table, packet, form, client, transport)
        if form.opcode == NOTIFY:
            return self._notify(table, packet, form, client, transport)
        return _oddly(packet)

    def at_length(
        self, table: Table, packet: bytes, client: bytes, transport: int
    ) -> AsyncGenerator[bytes, None] | None:
        """The messages of a copy; None where the packet asks for none, or may not have it: reply_to() says why."""
        if table.transfers is None or transport == HTTPS or not _asks_for_copy(packet):
            return None
        try:
            form = outline(packet)
            session = None if form.signature is None else self._verify(table, packet, form)
        except Malformed:
            return None
        if isinstance(session, Rejected) or form.version:
            return None
        zone = judge(table.transfers, form, client, None if session is None else session.key)
        return None if isinstance(zone, Refusal) else self._copy(zone, packet, form, client, session)

    # ── signed ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _verify(self, table: Table, packet: bytes, form: Outline) -> Session | Rejected:
        keys = table.transfers.keys if table.transfers is not None else {}
        return verify(packet, form, keys, self._clock())

    def _signed(self, table: Table, packet: bytes, form: Outline, client: bytes, transport: int) -> bytes:
        session = self._verify(table, packet, form)
        if isinstance(session, Rejected):
            self._counts.add(Event.SIGNATURE_REFUSED)
            self._tell("a message from %s that %s has signed is refused: %s", client, session.signature.key, session)
            return session.sign(short_reply(packet, form, NOTAUTH))
        if is_transfer(form):
            reply = self._transfer(table, session.message, form, client, transport, session)
        elif form.opcode == NOTIFY:
            reply = self._notify(table, session.message, form, client, transport, session)
        elif form.opcode:
            reply = _oddly(session.message)
        else:
            found = self._answer(table, session.message, client, transport)
            reply = _oddly(session.message) if found is None else found
        if not reply:
            return b""
        signed = session.sign(reply, self._clock())
        if len(signed) <= self._limit(form, transport):
            return signed
        # RFC 8945 §5.3: then it is the question and the signature alone.
        return session.sign(header(packet, TRUNCATED, NOERROR, 0, 0) + packet[HEADER : form.end], self._clock())

    def _limit(self, form: Outline, transport: int) -> int:
        if transport != UDP:
            return LARGEST
        return min(max(form.udp_size or PLAIN, PLAIN), max(self._payload, PLAIN))

    # ── word of a change ──────────────────────────────────────────────────────────────────────────────────────────

    def _notify(
        self, table: Table, packet: bytes, form: Outline, client: bytes, transport: int, session: Session | None = None
    ) -> bytes:
        """RFC 1996 §3. Whoever sends it for a zone that is copied is answered alike: whose word counts, control knows.

        Another zone, ours or not, is one for which nobody is our primary: NOTAUTH, as it is for what is not ours to
        take part in (RFC 2136 §2.2). REFUSED would say that another sender were heard.
        """
        if form.version:
            return short_reply(packet, form, BADVERS)
        if form.rtype != SOA or form.rclass != IN:
            return short_reply(packet, form, FORMERR)
        if transport == HTTPS:
            return short_reply(packet, form, REFUSED)
        zone = Name(form.name.lower())
        if table.transfers is None or zone not in table.transfers.followed:
            return short_reply(packet, form, NOTAUTH)
        key = None if session is None else session.key
        heard = self._notices.pass_on(zone, ip_address(client), key, self._clock())
        self._counts.add(Event.NOTIFIED if heard else Event.NOTIFY_HELD)
        return short_reply(packet, form, NOERROR, flags=AUTHORITATIVE)

    # ── copies ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _transfer(
        self, table: Table, packet: bytes, form: Outline, client: bytes, transport: int, session: Session | None = None
    ) -> bytes:
        """What one message can say."""
        if form.version:
            return short_reply(packet, form, BADVERS)
        zone = judge(table.transfers, form, client, None if session is None else session.key)
        if isinstance(zone, Refusal):
            self._counts.add(Event.TRANSFER_REFUSED)
            self._tell("%s asks for a copy of %s, and is refused: %s", client, form.name, zone)
            return short_reply(packet, form, zone.rcode, error=zone.error if self._extended else None)
        if transport == HTTPS:
            return short_reply(packet, form, REFUSED)
        if transport != UDP:
            return self._busy(packet, form, client)
        if form.rtype == AXFR:  # RFC 5936 §4.2: there is no such thing
            return short_reply(packet, form, FORMERR)
        limit = self._limit(form, transport) - form.end - len(opt()) - (session.size if session is not None else 0)
        octets, records = fitting(zone, form, limit)
        return _message(packet, form, octets, records, with_opt=form.udp_size is not None)

    def _busy(self, packet: bytes, form: Outline, client: bytes) -> bytes:
        self._tell("%s asks for a copy of %s, and has to wait: %s are under way", client, form.name, self._under_way)
        return short_reply(packet, form, SERVFAIL, error=NOT_READY if self._extended else None)

    async def _copy(
        self, zone: Copied, packet: bytes, form: Outline, client: bytes, session: Session | None
    ) -> AsyncGenerator[bytes, None]:
        if self._under_way >= AT_ONCE:
            busy = self._busy(packet, form, client)
            yield session.sign(busy, self._clock()) if session is not None else busy
            return
        self._under_way += 1
        self._counts.add(Event.TRANSFER)
        messages = records = 0
        try:
            for octets, count in bodies(zone, form):
                message = _message(packet, form, octets, count, with_opt=form.udp_size is not None and not messages)
                messages += 1
                records += count
                yield session.sign_next(message, self._clock()) if session is not None else message
            self._say_copied(zone, form, client, session, records, messages)
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


def _message(packet: bytes, form: Outline, octets: bytes | memoryview, records: int, *, with_opt: bool) -> bytes:
    head = header(packet, AUTHORITATIVE, NOERROR, records, with_opt)
    return b"".join((head, packet[HEADER : form.end], octets, opt() if with_opt else b""))


def _asks_for_copy(packet: bytes) -> bool:
    """Looked at for each message of a stream, so without taking it apart."""
    end = question_end(memoryview(packet), len(packet))
    return not packet[2] & 0xF8 and packet[end - 4 : end] in _TRANSFERS if end else False


def _malformed(packet: bytes) -> bytes:
    if len(packet) > 2 and packet[2] >> 3 & 0x0F not in (0, NOTIFY):
        return _oddly(packet)
    reply = memoryview(bytearray(len(packet)))
    return bytes(reply[: bare_reply(memoryview(packet), len(packet), FORMERR, reply)])


def _oddly(packet: bytes) -> bytes:
    reply = memoryview(bytearray(LARGEST))
    return bytes(reply[: odd.reply_to(memoryview(packet), len(packet), reply)])
