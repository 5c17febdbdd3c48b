from ipaddress import ip_address

from geodns.admin.timings import Timings
from geodns.model.check import Result, Target
from tests import values

TARGET = Target(values.check(), ip_address("192.0.2.1"))


def test_probes_are_counted_by_check_and_outcome() -> None:
    timings = Timings()
    for ok, took in ((True, 0.004), (True, 0.005), (False, 3.0), (True, 60.0)):
        timings.hear(Result(TARGET, ok, took, ""))
    assert timings.outcomes == {("example.com.", "web", "pass"): 3, ("example.com.", "web", "fail"): 1}


def test_a_duration_counts_in_every_bucket_that_it_fits_in() -> None:
    timings = Timings()
    for took in (0.004, 0.005, 3.0, 60.0):
        timings.hear(Result(TARGET, True, took, ""))
    ((labels, histogram),) = timings.durations()
    buckets = dict(histogram.buckets())
    assert labels == ("example.com.", "web")
    assert {bound: buckets[bound] for bound in ("0.005", "0.01", "2.5", "5.0", "10.0", "+Inf")} == {
        "0.005": 2.0, "0.01": 2.0, "2.5": 2.0, "5.0": 3.0, "10.0": 3.0, "+Inf": 4.0,
    }  # fmt: skip
    assert histogram.sum == 63.009
