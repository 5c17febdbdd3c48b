from geodns.answer.query cimport Query


cpdef int begin(Query query, int code, int size) except -1 nogil

cpdef int put_word(Query query, int word) except -1 nogil
