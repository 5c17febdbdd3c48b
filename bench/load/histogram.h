/* Nanoseconds → percentiles, as HdrHistogram does it: 128 buckets for each doubling, so a value is off by 0.8 % at most,
 * whether it is a microsecond or a second. Adding one is a few instructions and never allocates. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BITS 7
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS)

struct histogram {
    uint64_t total, highest;
    double sum;
    uint64_t counts[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* The value that `share` (0 to 1) of all do not exceed; 0 where there is none. */
uint64_t histogram_percentile(const struct histogram *histogram, double share);

#endif
