"""A record's text → wire form, whatever the text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodns.config.rdata import MAX_RDATA, RdataReader, parse_type
from geodns.model.name import parse_name

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


def test_text_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="the TXT data has 70274 octets; at most 65535 fit"):
        READER.wire(parse_type("TXT"), "x" * 69_999)


@pytest.mark.parametrize("kind", ["ANY", "OPT", "TSIG", "IXFR"])
def test_types_of_questions_and_transactions_are_no_data(kind: str) -> None:
    with pytest.raises(ValueError, match="is for questions and transactions, not for data of a zone"):
        parse_type(kind)
