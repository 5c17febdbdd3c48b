# Written by setup.py.
cdef enum:
    OUTSIDE = 0
    EXACT = 1
    WILDCARD = 2
    MISSING = 3
    CUT = 4
