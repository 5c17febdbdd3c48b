import mmap
import os
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from geodns.answer.cells import ACCOUNTS, HEARTBEAT, MAKER, PREFIXES, ROTATION_SIZE, SEED
from geodns.answer.limits import SECRET
from geodns.model.endpoint import Endpoint
from geodns.model.rate_limit import RateLimit
from geodns.serve.premises import SHARE, ControlFiles, Limits, Premises, WorkerFiles, shares
from geodns.serve.shared import secret_at

NOW = 1_800_000_000
ENDPOINTS = [Endpoint(ip_address("127.0.0.1"), 0), Endpoint(ip_address("::1"), 0)]


def test_what_a_child_is_told_survives_the_way_to_it() -> None:
    with Premises(ENDPOINTS, workers=2) as premises:
        for files in premises.all_worker_files(Path("/var/lib/geodns")):
            assert WorkerFiles.decode(files.encode()) == files
        control = premises.control_files()
        assert ControlFiles.decode(control.encode()) == control


def test_workers_share_the_rotation_the_accounts_and_nothing_else() -> None:
    with Premises(ENDPOINTS, workers=2) as premises:
        one, other = premises.all_worker_files(Path("/var/lib/geodns"))
        assert set(one.fds()) & set(other.fds()) == {one.rotation, one.accounts, one.lifeline}
        assert premises.control_files().memories == (one.memory, other.memory)


def test_a_rate_limit_survives_the_way_to_a_worker() -> None:
    limit = RateLimit(responses=7, exempt=(ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")))
    with Premises(ENDPOINTS, workers=1, limits=Limits(rate_limit=limit)) as premises:
        (files,) = premises.all_worker_files(Path("/var/lib/geodns"))
        assert WorkerFiles.decode(files.encode()).limits.rate_limit == limit


def test_accounts_are_there_for_a_rate_limit_only_and_their_keys_are_anew_each_time() -> None:
    keys = set()
    for _ in range(2):
        with Premises(ENDPOINTS, workers=1, limits=Limits(rate_limit=RateLimit(size=1000))) as premises:
            accounts = Path(f"/proc/self/fd/{premises.control_files().accounts}").read_bytes()
        assert len(accounts) == 8 * (ACCOUNTS + 1024)
        assert not any(accounts[SECRET:])
        keys.add(accounts[: 8 * PREFIXES])
    assert len(keys) == 2
    with Premises(ENDPOINTS, workers=1) as premises:
        assert os.fstat(premises.control_files().accounts).st_size == 0


def test_what_a_worker_writes_control_reads() -> None:
    with Premises(ENDPOINTS, workers=1) as premises:
        (files,) = premises.all_worker_files(Path("/var/lib/geodns"))
        with mmap.mmap(files.memory, 0) as worker:
            worker[-1] = 7
        with mmap.mmap(premises.control_files().memories[0], 0) as control:
            assert control[-1] == 7


def test_each_thread_has_a_share_of_its_own() -> None:
    with Premises(ENDPOINTS, workers=1) as premises:
        (files,) = premises.all_worker_files(Path("/var/lib/geodns"))
        with mmap.mmap(files.memory, 0) as memory, memoryview(memory) as whole:
            parts = shares(whole)
            assert [len(part) for part in parts] == [SHARE] * (1 + len(ENDPOINTS))
            for part in parts:
                part.release()


def test_each_server_has_a_seed_of_its_own_and_no_answers_counted_yet() -> None:
    seeds = set()
    for _ in range(4):
        with (
            Premises(ENDPOINTS, 1, clock=lambda: NOW) as premises,
            mmap.mmap(premises.control_files().rotation, 0) as rotation,
        ):
            words = memoryview(bytes(rotation)).cast("I")
            assert len(words) * 4 == ROTATION_SIZE
            assert not any(words[:SEED])
            assert words[HEARTBEAT] == NOW
            assert any(secret_at(words, words[MAKER]))
            seeds.add(words[SEED])
    assert len(seeds) > 1


def test_shared_secrets_are_there_before_the_first_worker() -> None:
    with Premises(ENDPOINTS, 1, secrets=[b"s" * 16]) as premises:
        words = memoryview(os.pread(premises.control_files().rotation, ROTATION_SIZE, 0)).cast("I")
        assert secret_at(words, words[MAKER]) == b"s" * 16


@pytest.mark.parametrize(("idle", "keepalive"), [(10.0, 100), (0.25, 2), (3600.0, 36000), (1e6, 65535)])
def test_how_a_server_behaves_follows_from_what_it_is_told(idle: float, keepalive: int) -> None:
    conduct = Limits(tcp_idle=idle, identity="fra1", udp_payload=1400, extended_errors=False).conduct()
    assert (conduct.keepalive, conduct.payload, conduct.extended) == (keepalive, 1400, 0)
    assert bytes(conduct.identity[-5:]) == b"\4fra1"
    assert len(conduct.version) == 0


def test_no_descriptor_stays_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    Premises(ENDPOINTS, workers=2).close()
    assert len(os.listdir("/proc/self/fd")) == before
