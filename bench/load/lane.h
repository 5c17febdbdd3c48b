/* A lane: one connected UDP socket, with a port of its own, and its questions in flight.
 *
 * A question's id is the low half of its serial number, its place in the ring the serial modulo the ring's size. So a
 * reply finds its question without a search, and one that comes after its time-out finds none and is a stray. */
#ifndef LANE_H
#define LANE_H

#include "histogram.h"
#include "questions.h"

#include <netinet/in.h>
#include <stdbool.h>

#define LANE_RING 1024 /* a power of two, at most 32768 */
#define LANE_BURST 128 /* the most that is sent or received in one call */

struct asked {
    uint64_t at; /* ns: when it was sent, or should have been */
    bool waiting;
};

struct lane {
    int socket;
    bool trains;
    uint32_t oldest, next; /* serials: [oldest, next) may be in flight */
    uint32_t waiting;      /* of these, how many are */
    struct asked ring[LANE_RING];
};

struct tally {
    uint64_t sent, answered, lost, stray, unsent, malformed, truncated, with_answer, octets, errors;
    uint64_t rcodes[16];
    struct histogram latency;  /* ns */
    struct histogram lateness; /* ns from the time a question was meant for to its sending */
};

/* `trains`: bursts go out, and replies come in, as one buffer each. */
void lane_open(struct lane *lane, const struct sockaddr_in *target, bool trains);

/* Sends `count` questions, at most LANE_BURST, as one burst; their latency counts from `at`. */
void lane_ask(struct lane *lane, struct questions *questions, unsigned count, uint64_t at, struct tally *tally);

/* Takes the replies that are there, without waiting. */
void lane_take(struct lane *lane, struct tally *tally);

/* Gives up what was asked before `deadline`. */
void lane_expire(struct lane *lane, uint64_t deadline, struct tally *tally);

bool lane_is_full(const struct lane *lane);

uint64_t now_ns(void);

#endif
