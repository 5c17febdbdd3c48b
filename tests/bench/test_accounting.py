"""What the kernel's books say of this very process."""

import os
import subprocess
import sys
import time

import pytest

from bench.accounting import Cpu, cpu, family, idle, memory


def test_a_process_and_its_children_are_a_family() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(family(os.getpid()))
        assert family(child.pid) == [child.pid]
        child.communicate(b"\n")


def test_cpu_time_only_grows() -> None:
    before = cpu([os.getpid()])
    sum(range(300_000))
    assert (cpu([os.getpid()]) - before).total > 0


def test_time_between_two_readings_is_their_difference() -> None:
    difference = Cpu(total=3.0, user=1.0, system=2.0, waited=0.3) - Cpu(total=1.0, user=0.5, system=0.5, waited=0.0)
    assert difference == Cpu(total=2.0, user=0.5, system=1.5, waited=0.3)


def test_memory_that_is_shared_counts_once_in_the_proportional_size() -> None:
    used = memory([os.getpid()])
    assert 0 < used.pss <= used.rss
    assert memory([]).rss == 0


def test_memory_of_several_is_their_sum() -> None:
    assert memory([os.getpid()] * 2).rss == pytest.approx(2 * memory([os.getpid()]).rss, rel=0.05)


def test_the_machine_cannot_have_slept_longer_than_it_is_up() -> None:
    assert 0 <= idle() <= time.clock_gettime(time.CLOCK_BOOTTIME) + 1
