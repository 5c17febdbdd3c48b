# Written by setup.py.
cdef enum:
    HEADER = 12
    MAX_NAME = 255
    CNAME = 5
    OPT = 41
    DS = 43
    IXFR = 251
    AXFR = 252
    ANY = 255
    IN = 1
    ANY_CLASS = 255
    OPT_SIZE = 11
    CLIENT_SUBNET = 8
