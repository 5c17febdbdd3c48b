#include "histogram.h"

static unsigned bucket_of(uint64_t value)
{
    if (value >> HISTOGRAM_BITS == 0)
        return value;
    unsigned shift = 63 - __builtin_clzll(value) - HISTOGRAM_BITS;
    return (shift << HISTOGRAM_BITS) + (value >> shift);
}

/* The highest value that falls into the bucket. */
static uint64_t end_of(unsigned bucket)
{
    if (bucket >> (HISTOGRAM_BITS + 1) == 0)
        return bucket;
    unsigned shift = (bucket >> HISTOGRAM_BITS) - 1;
    uint64_t begin = (uint64_t)(bucket - (shift << HISTOGRAM_BITS)) << shift;
    return begin + ((uint64_t)1 << shift) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->counts[bucket_of(value)]++;
    histogram->total++;
    histogram->sum += value;
    if (value > histogram->highest)
        histogram->highest = value;
}

uint64_t histogram_percentile(const struct histogram *histogram, double share)
{
    double rank = share * histogram->total;
    uint64_t passed = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        passed += histogram->counts[bucket];
        if (passed && passed >= rank)
            return end_of(bucket) < histogram->highest ? end_of(bucket) : histogram->highest;
    }
    return histogram->highest;
}
