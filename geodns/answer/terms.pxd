# Written by setup.py.
cdef enum:
    DROP = 0
    NOT_MINE = -1
    DATAGRAM = 1232
    STREAM = 65535
    PLAIN = 512
    MAX_CHAIN = 8
    MAX_EXTRA = 8
