import mmap
import os
from ipaddress import ip_address
from pathlib import Path

from geodns.model.endpoint import Endpoint
from geodns.serve.premises import WORKER_MAP_SIZE, ControlFiles, Premises, WorkerFiles

ENDPOINTS = [Endpoint(ip_address("127.0.0.1"), 0), Endpoint(ip_address("::1"), 0)]


def test_what_a_child_is_told_survives_the_way_to_it() -> None:
    with Premises(ENDPOINTS, workers=2) as premises:
        for files in premises.all_worker_files(Path("/var/lib/geodns")):
            assert WorkerFiles.decode(files.encode()) == files
        control = premises.control_files()
        assert ControlFiles.decode(control.encode()) == control


def test_workers_share_the_rotation_and_nothing_else() -> None:
    with Premises(ENDPOINTS, workers=2) as premises:
        one, other = premises.all_worker_files(Path("/var/lib/geodns"))
        assert set(one.fds()) & set(other.fds()) == {one.rotation, one.lifeline}
        assert premises.control_files().memories == (one.memory, other.memory)


def test_what_a_worker_writes_control_reads() -> None:
    with Premises(ENDPOINTS, workers=1) as premises:
        (files,) = premises.all_worker_files(Path("/var/lib/geodns"))
        with mmap.mmap(files.memory, WORKER_MAP_SIZE) as worker:
            worker[-1] = 7
        with mmap.mmap(premises.control_files().memories[0], WORKER_MAP_SIZE) as control:
            assert control[-1] == 7


def test_no_descriptor_stays_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    Premises(ENDPOINTS, workers=2).close()
    assert len(os.listdir("/proc/self/fd")) == before
