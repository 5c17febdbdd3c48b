cdef class Limiter:
    cdef readonly unsigned long long[::1] words
    cdef readonly long long interval
    cdef readonly long long total_interval
    cdef readonly int slip
    cdef readonly bint dry_run
    cdef readonly long long buckets
    cdef readonly unsigned long long latest
    cdef readonly const unsigned int[::1] exempt
    cdef readonly int exempted
    cdef readonly const unsigned int[::1] masks
    cdef readonly unsigned int[::1] client
    cdef public int mask
    cdef public long long now
    cdef public long long bucket
    cdef public unsigned long long tag
    cdef public long long account
    cdef public long long total
