"""Certificates of an authority that lives as long as the tests."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme

from geodns.serve.certificate import Pair


@cache
def authority() -> trustme.CA:
    return trustme.CA()


def issue(folder: Path, *, expires_in: timedelta | None = None, name: str = "localhost") -> Pair:
    """Writes the pair over the one that is there, as a renewal does."""
    not_after = None if expires_in is None else datetime.now(UTC) + expires_in
    not_before = None if not_after is None else not_after - timedelta(days=60)
    leaf = authority().issue_cert(name, "127.0.0.1", "::1", not_after=not_after, not_before=not_before)
    pair = Pair(certificate=str(folder / "fullchain.pem"), key=str(folder / "privkey.pem"))
    leaf.private_key_pem.write_to_path(pair.key + ".new")
    Path(pair.certificate + ".new").write_bytes(b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    for path in (pair.certificate, pair.key):
        Path(path + ".new").replace(path)
    return pair


def root(folder: Path) -> Path:
    """The authority's own certificate, for clients."""
    path = folder / "root.pem"
    authority().cert_pem.write_to_path(str(path))
    return path
