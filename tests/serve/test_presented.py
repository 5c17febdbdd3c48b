"""Certificates that change while they are shown."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from geodns.serve.certificate import BadCertificate, Pair
from geodns.serve.premises import CERTIFICATE_SIZE
from geodns.serve.presented import CertificateCells, Presented
from tests.control.waiting import until
from tests.serve.certificates import issue


class Shown:
    def __init__(self, pair: Pair, cells: CertificateCells | None = None) -> None:
        self.cells = cells or CertificateCells(memoryview(bytearray(CERTIFICATE_SIZE)))
        self.presented = Presented(pair, self.cells)
        self.hangup = asyncio.Event()


def following(pair: Pair, scenario: Callable[[Shown], Coroutine[None, None, None]]) -> None:
    async def run() -> None:
        shown = Shown(pair)
        await shown.presented.start(shown.hangup)
        task = asyncio.create_task(shown.presented.follow(shown.hangup))
        try:
            await scenario(shown)
        finally:
            task.cancel()

    asyncio.run(run())


def test_a_renewed_pair_is_shown_once_its_files_have_changed(tmp_path: Path) -> None:
    async def scenario(shown: Shown) -> None:
        before, expired = shown.presented.dot(), shown.cells.expires
        issue(tmp_path, expires_in=timedelta(days=20))
        await until(lambda: shown.presented.dot() is not before)
        assert shown.cells.expires != expired
        assert not shown.cells.is_broken

    following(issue(tmp_path, expires_in=timedelta(days=10)), scenario)


def test_files_that_may_be_read_by_others_than_before_are_read_again(tmp_path: Path) -> None:
    """The pair is broken to who may not read it, and good once he may, with the same octets."""

    pair = issue(tmp_path)
    allow = partial(Path(pair.key).chmod, 0o440)

    async def scenario(shown: Shown) -> None:
        before = shown.presented.dot()
        allow()
        await until(lambda: shown.presented.dot() is not before)

    following(pair, scenario)


def test_a_link_that_is_turned_to_another_folder_is_followed(tmp_path: Path) -> None:
    """As Kubernetes renews: `..data` is another folder, at once, and the paths go through it."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        issue(tmp_path / name, expires_in=timedelta(days=10 if name == "old" else 20))
    link = tmp_path / "..data"
    link.symlink_to("old")
    pair = issue(tmp_path / "old", expires_in=timedelta(days=10))

    async def scenario(shown: Shown) -> None:
        expired = shown.cells.expires
        (tmp_path / "..data_tmp").symlink_to("new")
        (tmp_path / "..data_tmp").rename(link)
        await until(lambda: shown.cells.expires > expired)
        assert not shown.cells.is_broken

    through = [str(link / Path(path).name) for path in (pair.certificate, pair.key)]
    following(Pair(certificate=through[0], key=through[1]), scenario)


def test_a_broken_pair_changes_nothing_but_what_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pair = issue(tmp_path)
    good = Path(pair.key).read_text()

    def replace(text: str) -> None:
        Path(pair.key).write_text(text)

    async def scenario(shown: Shown) -> None:
        before, expires = shown.presented.https(), shown.cells.expires
        replace("half a ke")
        shown.hangup.set()
        await until(lambda: shown.cells.is_broken)
        assert shown.presented.https() is before
        assert shown.cells.expires == expires
        assert "new connections get the certificate from before" in caplog.text
        assert "half a ke" not in caplog.text
        replace(good)
        await until(lambda: not shown.cells.is_broken)
        assert shown.presented.https() is not before

    following(pair, scenario)


def test_who_never_had_a_good_pair_does_not_begin(tmp_path: Path) -> None:
    async def run() -> None:
        shown = Shown(Pair(certificate=str(tmp_path / "none.pem"), key=str(tmp_path / "none.pem")))
        with pytest.raises(BadCertificate):
            await shown.presented.start(shown.hangup)

    asyncio.run(run())


def test_who_comes_back_to_a_broken_pair_waits_for_the_next(tmp_path: Path) -> None:
    pair = issue(tmp_path)
    Path(pair.key).unlink()

    async def run() -> None:
        cells = CertificateCells(memoryview(bytearray(CERTIFICATE_SIZE)))
        cells.tell(1)  # by the process before
        shown = Shown(pair, cells)
        starting = asyncio.create_task(shown.presented.start(shown.hangup))
        await until(lambda: cells.is_broken)
        assert not starting.done()
        issue(tmp_path)
        async with asyncio.timeout(30):
            await starting
        assert shown.presented.dot() is not None
        assert not cells.is_broken

    asyncio.run(run())


def test_an_expired_certificate_is_shown_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(shown: Shown) -> None:
        assert "has expired: clients will refuse it" in caplog.text

    with caplog.at_level(logging.WARNING):
        following(issue(tmp_path, expires_in=timedelta(days=-1)), scenario)
