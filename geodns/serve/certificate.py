"""Two files, a certificate chain and its private key → TLS contexts. Whatever is wrong with them has a way out.

The key is read here only, and nothing of it stands in any message.
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from geodns.serve.validity import Validity, validity_of

# What TLS 1.2 may use: forward secrecy and AEAD, as HTTP/2 wants it (RFC 9113 §9.2.2). TLS 1.3 has nothing else.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


class BadCertificate(Exception):
    """`about`: the key of the settings that it is about; the message has the way out. As text: the place too."""

    def __init__(self, pair: "Pair", about: Literal["certificate", "key"], message: str) -> None:
        self.about = about
        self.message = message
        place = pair.certificate_at if about == "certificate" else pair.key_at
        super().__init__(f"{place}: {message}" if place else message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Paths of files in PEM form: the certificate with its chain, and the private key; and where they are named."""

    certificate: str
    key: str
    certificate_at: str = ""
    key_at: str = ""


def read_validity(pair: Pair) -> Validity:
    """Of the first certificate, which is the server's own. Raises BadCertificate."""
    text = _read(pair, "certificate")
    if _BEGIN not in text or _END not in text:
        message = f"{pair.certificate} has no certificate in PEM form ({_BEGIN}): name the file with the full chain"
        raise BadCertificate(pair, "certificate", message)
    first = text[text.index(_BEGIN) :]
    try:
        return validity_of(ssl.PEM_cert_to_DER_cert(first[: first.index(_END) + len(_END)]))
    except ValueError:
        message = f"{pair.certificate} has a certificate that cannot be read: have it issued again"
        raise BadCertificate(pair, "certificate", message) from None


def context_of(pair: Pair, protocols: Sequence[str]) -> ssl.SSLContext:
    """`protocols`: for ALPN, the preferred one first. Raises BadCertificate."""
    read_validity(pair)
    _check_key(pair)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_ciphers(CIPHERS)
    context.set_alpn_protocols(list(protocols))
    try:
        context.load_cert_chain(pair.certificate, pair.key, password="")  # or OpenSSL would ask the terminal
    except ssl.SSLError as error:
        raise _refused(pair, error) from None
    except OSError as error:  # gone since it was looked at
        raise BadCertificate(pair, "certificate", f"{pair.certificate} or {pair.key} cannot be read: {error}") from None
    return context


def _check_key(pair: Pair) -> None:
    text = _read(pair, "key")
    if "PRIVATE KEY-----" not in text:
        message = f"{pair.key} has no private key in PEM form (-----BEGIN PRIVATE KEY-----): name the key's own file"
        raise BadCertificate(pair, "key", message)
    if "ENCRYPTED" in text:
        message = (
            f"{pair.key} is locked by a passphrase, which nobody is there to type: `openssl pkey -in {pair.key}` "
            "writes it without; keep that readable by geodns alone"
        )
        raise BadCertificate(pair, "key", message)


def _read(pair: Pair, about: Literal["certificate", "key"]) -> str:
    path = pair.certificate if about == "certificate" else pair.key
    try:
        with open(path, encoding="latin-1") as file:
            return file.read()
    except OSError as error:
        message = (
            f"{path} cannot be read: {error.strerror}; name a file that is there and that the user who runs geodns "
            "may read"
        )
        raise BadCertificate(pair, about, message) from None


def _refused(pair: Pair, error: ssl.SSLError) -> BadCertificate:
    if error.reason == "KEY_VALUES_MISMATCH":
        message = f"{pair.key} is not the key of {pair.certificate}: name the two that were issued together"
        return BadCertificate(pair, "key", message)
    reason = (error.reason or "unknown reason").lower().replace("_", " ")
    if error.reason in ("EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"):
        message = f"{pair.certificate} is too weak ({reason}): have it issued with ECDSA P-256 or RSA of 2048 bits"
        return BadCertificate(pair, "certificate", message)
    message = f"{pair.certificate} and {pair.key} are refused by OpenSSL: {reason}; have them issued again"
    return BadCertificate(pair, "certificate", message)
