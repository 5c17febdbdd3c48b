"""What a request's fields come to, and that those are refused which h2, asked to judge, refuses too."""

import random

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.exceptions import ProtocolError
from hypothesis import given
from hypothesis import strategies as st

from geodns.serve.fields import BadFields, check_trailers, request_of
from geodns.serve.https import Request

Fields = list[tuple[bytes, bytes]]

REQUEST: Fields = [
    (b":method", b"POST"),
    (b":scheme", b"https"),
    (b":authority", b"localhost"),
    (b":path", b"/dns-query"),
    (b"content-type", b"application/dns-message"),
    (b"content-length", b"33"),
    (b"accept", b"application/dns-message"),
]


def without(name: bytes) -> Fields:
    return [each for each in REQUEST if each[0] != name]


def test_a_request_is_what_its_fields_say() -> None:
    assert request_of(REQUEST) == (Request(b"POST", b"/dns-query", b"application/dns-message"), 33)


def test_a_host_does_for_an_authority() -> None:
    request_of([*without(b":authority"), (b"host", b"localhost")])


def test_connect_has_no_path() -> None:
    assert request_of([(b":method", b"CONNECT"), (b":authority", b"localhost")])[0].target == b""


@pytest.mark.parametrize(
    "fields",
    [
        [],
        without(b":method"),
        without(b":scheme"),
        without(b":path"),
        without(b":authority"),
        [*without(b":path")[:3], (b":path", b"")],
        [*REQUEST, (b":path", b"/dns-query")],
        [REQUEST[0], *REQUEST],
        [*REQUEST[4:], *REQUEST[:4]],
        [(b":status", b"200"), *REQUEST],
        [(b":other", b"1"), *REQUEST],
        [(b":protocol", b"websocket"), *REQUEST],
        [(b":method", b"CONNECT"), *REQUEST[1:]],
        [*REQUEST, (b"host", b"elsewhere")],
        [*without(b":authority"), (b"host", b"a"), (b"host", b"a")],
        [*REQUEST, (b"connection", b"close")],
        [*REQUEST, (b"transfer-encoding", b"chunked")],
        [*REQUEST, (b"te", b"gzip")],
        [*REQUEST, (b"Accept", b"a")],
        [*REQUEST, (b"", b"a")],
        [*REQUEST, (b"a b", b"a")],
        [*REQUEST, (b"a:b", b"a")],
        [*REQUEST, (b"a\xff", b"a")],
        [*REQUEST, (b"a", b"b\r\nc: d")],
        [*REQUEST, (b"a", b"\0")],
        [*REQUEST, (b"a", b" b")],
        [*REQUEST, (b"a", b"b\t")],
        [*REQUEST[:3], (b":path", b"/dns-query\n")],
    ],
    ids=str,
)
def test_a_malformed_request_is_refused(fields: Fields) -> None:
    with pytest.raises(BadFields):
        request_of(fields)


@pytest.mark.parametrize("field", [(b":path", b"/"), (b"connection", b"close"), (b"A", b"b"), (b"a", b"b ")], ids=str)
def test_malformed_trailers_are_refused(field: tuple[bytes, bytes]) -> None:
    check_trailers([(b"a", b"b")])
    with pytest.raises(BadFields):
        check_trailers([(b"a", b"b"), field])


_VALUES = st.one_of(
    st.sampled_from([b"", b"POST", b"CONNECT", b"https", b"localhost", b"/", b"trailers", b"33", b" ", b"\t", b"a\n"]),
    st.binary(max_size=4),
)
_NAMES = st.one_of(
    st.sampled_from([name for name, _ in REQUEST]),
    st.sampled_from([b"host", b"te", b"connection", b"upgrade", b"cookie", b":protocol", b":status", b"A", b""]),
    st.binary(max_size=3),
)
_EXTRA = st.lists(st.tuples(_NAMES, _VALUES), max_size=3)


@given(st.lists(st.sampled_from(REQUEST[:4]), min_size=3, max_size=5), _EXTRA, st.randoms(use_true_random=False))
def test_h2_judges_alike(some: Fields, extra: Fields, dice: random.Random) -> None:
    fields = [*some, *extra]
    dice.shuffle(fields)
    assert _is_taken(fields) == _is_taken_by_h2(fields)


@given(_EXTRA)
def test_h2_judges_what_follows_a_request_alike(extra: Fields) -> None:
    assert _is_taken([*REQUEST[:4], *extra]) == _is_taken_by_h2([*REQUEST[:4], *extra])


def _is_taken(fields: Fields) -> bool:
    try:
        request_of(fields)
    except BadFields:
        return False
    except ValueError:  # the number of content-length, which h2 sees to
        return False
    return True


def _is_taken_by_h2(fields: Fields) -> bool:
    client = H2Connection(
        H2Configuration(client_side=True, validate_outbound_headers=False, normalize_outbound_headers=False)
    )
    # Cookies that it puts together may come to a value that may not stand, and are nothing to us.
    server = H2Connection(H2Configuration(client_side=False, header_encoding=None, normalize_inbound_headers=False))
    client.initiate_connection()
    client.send_headers(1, fields)
    try:
        server.receive_data(client.data_to_send())
    except ProtocolError:
        return False
    return True
