"""Programs that judge a zone and its delegation: zonemaster and dnsviz, in a network of the test's own.

test ─ unshare --net ─▶ inside.py ─▶ Knot: the root and `example.`
                                 ─▶ geodns: `inspected.example.`, at two servers' IPv4 and IPv6 addresses
                                 ─▶ zonemaster-cli or dnsviz, from the root on
"""
