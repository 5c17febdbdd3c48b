"""A record's text → wire form, whatever the text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.config.rdata import MAX_RDATA, RdataReader, folded, parse_asked, parse_type, show_rdata
from geodns.model.name import ROOT, parse_name

READER = RdataReader(parse_name("example.com"))
KINDS = (
    "A",
    "AAAA",
    "MX",
    "TXT",
    "SRV",
    "CAA",
    "SVCB",
    "NAPTR",
    "DS",
    "LOC",
    "URI",
    "TLSA",
    "TYPE65280",
    "APL",
    "DNSKEY",
)
words = st.sampled_from(
    ["0", "10", "-1", "99999999999", "www", ".", "a..b", '"', '"x"', "\\#", "4", "0a0b", "alpn=h2", "\\", "(", ";", "ü"]
)
texts = st.one_of(st.text(), st.lists(words, max_size=8).map(" ".join))


@given(st.sampled_from(KINDS), texts)
def test_any_text_gives_wire_form_or_a_sentence(kind: str, text: str) -> None:
    with suppress(ValueError):
        assert len(READER.wire(parse_type(kind), text)) <= MAX_RDATA


@given(st.sampled_from(KINDS), texts)
def test_what_was_read_can_be_shown_and_read_again(kind: str, text: str) -> None:
    rtype = parse_type(kind)
    try:
        wire = READER.wire(rtype, text)
    except ValueError:
        return
    assert len(folded(rtype, wire)) == len(wire)
    assert RdataReader(ROOT).wire(rtype, show_rdata(rtype, wire)) == wire


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("MX", "10 Mail", "10 mail.EXAMPLE.com.", True),
        ("MX", "10 mail", "20 mail", False),
        ("SRV", "0 5 5060 SIP", "0 5 5060 sip", True),
        ("SOA", "NS1 Admin 1 2 3 4 5", "ns1 admin 1 2 3 4 5", True),
        ("HTTPS", "1 Svc. alpn=h2 port=443", "1 svc. port=443 alpn=h2", True),
        ("HTTPS", "1 . alpn=h2", "1 . alpn=H2", False),
        ("NAPTR", '100 10 "u" "E2U+sip" "!x!" Host.', '100 10 "u" "E2U+sip" "!x!" host.', True),
        ("TXT", "v=spf1 MX", "v=spf1 mx", False),
        ("CAA", '0 issue "ca.example.net"', '0 issue "CA.example.net"', False),
        ("LOC", "51 30 12.748 N 0 7 39.612 W 0.00m", "51 30 12.748 N 0 7 39.612 W 0m", True),
        ("TYPE65280", "\\# 0", "\\# 0", True),
        ("A", "192.0.2.9", "\\# 4 c0000209", True),
    ],
)
def test_names_are_compared_whatever_their_case_and_texts_with_it(kind: str, one: str, other: str, same: bool) -> None:
    rtype = parse_asked(kind)
    assert (folded(rtype, READER.wire(rtype, one)) == folded(rtype, READER.wire(rtype, other))) is same


def test_text_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="the TXT data has 70274 octets; at most 65535 fit"):
        READER.wire(parse_type("TXT"), "x" * 69_999)


@pytest.mark.parametrize("kind", ["ANY", "OPT", "TSIG", "IXFR"])
def test_types_of_questions_and_transactions_are_no_data(kind: str) -> None:
    with pytest.raises(ValueError, match="is for questions and transactions, not for data of a zone"):
        parse_type(kind)
