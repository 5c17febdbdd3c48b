/* The prepared questions: a file of packets, each after its length (two octets, big-endian). Asked in order, and again
 * from the beginning. */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include <stddef.h>
#include <stdint.h>

#define QUESTION_OCTETS 512

struct question {
    const uint8_t *packet;
    uint16_t length;
};

struct questions {
    struct question *all;
    size_t count, at;
};

/* Ends the program, with a message, where the file is none. */
struct questions read_questions(const char *path);

struct question next_question(struct questions *questions);

#endif
