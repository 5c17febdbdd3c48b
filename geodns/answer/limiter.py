"""What rate limiting goes by: the limits as numbers, the accounts that all workers share, and room to reckon in."""


class Limiter:
    """Made by limits.py. One a thread, as the second half of its fields is scratch."""

    __slots__ = (
        "account",
        "bucket",
        "buckets",
        "client",
        "dry_run",
        "exempt",
        "exempted",
        "interval",
        "latest",
        "mask",
        "masks",
        "now",
        "slip",
        "tag",
        "total",
        "total_interval",
        "words",
    )

    def __init__(
        self,
        words: memoryview,
        masks: memoryview,
        exempt: memoryview,
        *,
        interval: int,
        total_interval: int,
        slip: int,
        dry_run: bool,
        buckets: int,
        latest: int,
    ) -> None:
        self.words = words  # the mapping of all workers
        self.masks = masks  # of prefixes: four words for IPv6, four for IPv4 as IPv6 maps it
        self.exempt = exempt  # first and last address of each range, in order
        self.exempted = len(exempt) // 8  # ranges
        self.interval = interval  # µs that a reply takes an account ahead; 0: nothing is limited
        self.total_interval = total_interval
        self.slip = slip
        self.dry_run = dry_run
        self.buckets = buckets  # less one: a mask
        self.latest = latest  # µs, a mask: time begins anew after it
        # of the query at hand
        self.client = memoryview(bytearray(16)).cast("I")  # its address, as one of IPv6
        self.mask = 0  # where its mask begins
        self.now = 0  # µs
        self.bucket = 0  # of its prefix
        self.tag = 0  # a sum; its upper half is the tag, once it is known of which account
        self.account = 0  # at: of this kind of reply
        self.total = 0  # at: of all replies
