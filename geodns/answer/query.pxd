cdef class Query:
    cdef readonly const unsigned char[::1] packet
    cdef public int length
    cdef readonly const unsigned char[::1] client
    cdef public int client_length
    cdef public int transport
    cdef readonly unsigned char[::1] reply
    cdef readonly unsigned char[::1] folded
    cdef public int end
    cdef public int qtype
    cdef public int qclass
    cdef public int opt_size
    cdef public int version
    cdef public int udp_size
    cdef public int do_bit
    cdef public int wanted
    cdef public int ecs_at
    cdef public int ecs_length
    cdef public int ecs_family
    cdef public int ecs_source
    cdef readonly unsigned char[::1] ecs_address
    cdef public int ecs_filled
    cdef public int cookie
    cdef public int cookie_at
    cdef public int cookie_kept
    cdef readonly unsigned char[::1] stamped
    cdef public long long hash
    cdef public int labels
    cdef readonly unsigned char[::1] starts
    cdef public long long node
    cdef public long long zone
    cdef public int found
    cdef readonly long long[::1] met
    cdef public long long route
    cdef public int scope
    cdef public int by_subnet
    cdef public int before
    cdef public unsigned long long carried
    cdef public int rcode
    cdef public int authoritative
    cdef public int extended
    cdef public int denied
    cdef public int answers
    cdef public int authority
    cdef public int additional
    cdef public int limit
    cdef public int at
    cdef public int owner_at
    cdef public int owner_length
