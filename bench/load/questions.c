#include "questions.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

static uint8_t *read_whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        err(1, "%s", path);
    *size = ftell(file);
    uint8_t *content = malloc(*size + 1);
    rewind(file);
    if (!content || fread(content, 1, *size, file) != *size)
        err(1, "%s", path);
    fclose(file);
    return content;
}

struct questions read_questions(const char *path)
{
    size_t size;
    const uint8_t *content = read_whole(path, &size);
    struct questions questions = {.all = malloc((size / 2 + 1) * sizeof(struct question))};
    if (!questions.all)
        err(1, "%s", path);
    for (size_t at = 0; at < size;) {
        size_t length = at + 2 <= size ? content[at] << 8 | content[at + 1] : 0;
        if (length < 12 || length > QUESTION_OCTETS || at + 2 + length > size)
            errx(1, "%s: at octet %zu stands no packet of 12 to %d octets after its length", path, at, QUESTION_OCTETS);
        questions.all[questions.count++] = (struct question){content + at + 2, length};
        at += 2 + length;
    }
    if (questions.count == 0)
        errx(1, "%s: no question in it", path);
    return questions;
}

struct question next_question(struct questions *questions)
{
    struct question question = questions->all[questions->at++];
    if (questions->at == questions->count)
        questions->at = 0;
    /* Packets are read once each in file order, so the next but a few can be on its way from memory. */
    __builtin_prefetch(questions->all[(questions->at + 8) % questions->count].packet);
    return question;
}
