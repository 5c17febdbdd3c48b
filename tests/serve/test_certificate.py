from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from geodns.serve.certificate import BadCertificate, Pair, context_of, read_validity
from geodns.serve.validity import validity_of
from tests.serve.certificates import issue


def test_a_good_pair_is_taken(tmp_path: Path) -> None:
    context_of(issue(tmp_path), ["dot"])


def test_how_long_it_holds_is_read_as_an_independent_reader_reads_it(tmp_path: Path) -> None:
    for days in (-400, -1, 1, 90, 365 * 30):  # from 2050 on the form is another one
        pair = issue(tmp_path, expires_in=timedelta(days=days))
        judged = x509.load_pem_x509_certificate(Path(pair.certificate).read_bytes())
        found = read_validity(pair)
        assert found.expires == judged.not_valid_after_utc.timestamp()
        assert found.begins == judged.not_valid_before_utc.timestamp()


@given(octets=st.binary(max_size=64))
def test_what_is_no_certificate_is_refused(octets: bytes) -> None:
    with pytest.raises(ValueError, match="not a certificate"):
        validity_of(octets)


def test_a_broken_certificate_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    leaf = trustme.CA().issue_cert("localhost").cert_chain_pems[0].bytes()
    der = x509.load_pem_x509_certificate(leaf).public_bytes(Encoding.DER)
    for size in range(0, len(der), 7):
        with pytest.raises(ValueError, match="not a certificate"):
            validity_of(der[:size])
    assert datetime.fromtimestamp(validity_of(der).expires).year >= 2026


def _remove(path: str) -> None:
    Path(path).unlink()


def _empty(path: str) -> None:
    Path(path).write_text("")


def _garble(path: str) -> None:
    text = Path(path).read_text().splitlines()
    Path(path).write_text("\n".join((text[0], "AAAA", text[-1])) + "\n")


def _lock(path: str) -> None:
    key = load_pem_private_key(Path(path).read_bytes(), None)
    encryption = BestAvailableEncryption(b"secret")
    Path(path).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def _another(path: str) -> None:
    trustme.CA().issue_cert("localhost").private_key_pem.write_to_path(path)


@pytest.mark.parametrize(
    ("about", "harm", "says"),
    [
        ("certificate", _remove, "cannot be read: No such file or directory; name a file that is there"),
        ("certificate", _empty, "has no certificate in PEM form (-----BEGIN CERTIFICATE-----): name the file with the"),
        ("certificate", _garble, "has a certificate that cannot be read: have it issued again"),
        ("key", _remove, "cannot be read: No such file or directory; name a file that is there"),
        ("key", _empty, "has no private key in PEM form (-----BEGIN PRIVATE KEY-----): name the key's own file"),
        ("key", _lock, "is locked by a passphrase, which nobody is there to type: `openssl pkey -in "),
        ("key", _another, "is not the key of"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_a_way_out(
    about: str, harm: Callable[[str], None], says: str, tmp_path: Path
) -> None:
    pair = replace(issue(tmp_path), certificate_at="geodns.yaml:3:20", key_at="geodns.yaml:3:40")
    path = pair.certificate if about == "certificate" else pair.key
    harm(path)
    with pytest.raises(BadCertificate) as caught:
        context_of(pair, ["dot"])
    assert caught.value.about == about
    place = "geodns.yaml:3:20" if about == "certificate" else "geodns.yaml:3:40"
    assert str(caught.value).startswith(f"{place}: {path} {says}")


def test_a_key_that_openssl_cannot_read_is_refused_and_nothing_of_it_is_told(tmp_path: Path) -> None:
    pair = issue(tmp_path)
    _garble(pair.key)
    with pytest.raises(BadCertificate) as caught:
        context_of(pair, ["dot"])
    assert "refused by OpenSSL" in str(caught.value)
    assert "AAAA" not in str(caught.value)


def test_a_pair_without_places_is_told_of_without(tmp_path: Path) -> None:
    with pytest.raises(BadCertificate, match=r"^/nowhere/cert\.pem cannot be read"):
        context_of(Pair(certificate="/nowhere/cert.pem", key="/nowhere/key.pem"), ["dot"])
