from geodns.table cimport layout


cpdef long long number_of(long long ticket, long long slot, long long seed) noexcept nogil

cpdef long long mixed(unsigned long long word) noexcept nogil
