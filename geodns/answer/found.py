"""How a name can be found in a table. Constants only: see setup.py."""

OUTSIDE = 0  # in none of our zones
EXACT = 1
WILDCARD = 2  # covered by *.encloser: RFC 4592
MISSING = 3  # in a zone of ours, but not there
CUT = 4  # at or below a delegation
REDIRECTED = 5  # below a DNAME: RFC 6672
