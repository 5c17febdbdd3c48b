from geodns.serve.batch cimport Batch
from geodns.table.image cimport Table

cdef enum:
    AHEAD = 16  # queries whose reads overlap: enough to hide the memory's latency, few enough for the nearest cache


cdef void foresee(Table table, Batch batch, int first, int end) noexcept nogil
