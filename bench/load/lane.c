#define _GNU_SOURCE
#include "lane.h"
#include "train.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define REPLY_OCTETS 512 /* longer ones are counted whole, but only this much of them is looked at */

static uint8_t packets[LANE_BURST][QUESTION_OCTETS], replies[LANE_BURST][REPLY_OCTETS];
static struct iovec packet_parts[LANE_BURST], reply_parts[LANE_BURST];
static struct mmsghdr outgoing[LANE_BURST], incoming[LANE_BURST];
static uint8_t train[TRAIN_OCTETS];

uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void lay_out(void)
{
    for (unsigned n = 0; n < LANE_BURST; n++) {
        packet_parts[n] = (struct iovec){packets[n], 0};
        reply_parts[n] = (struct iovec){replies[n], REPLY_OCTETS};
        outgoing[n].msg_hdr = (struct msghdr){.msg_iov = &packet_parts[n], .msg_iovlen = 1};
        incoming[n].msg_hdr = (struct msghdr){.msg_iov = &reply_parts[n], .msg_iovlen = 1};
    }
}

void lane_open(struct lane *lane, const struct sockaddr_in *target, bool trains)
{
    if (packet_parts[0].iov_base == NULL)
        lay_out();
    lane->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (lane->socket < 0 || connect(lane->socket, (const struct sockaddr *)target, sizeof *target) != 0)
        err(1, "cannot open a socket to the target");
    lane->trains = trains;
    if (trains)
        train_allow(lane->socket);
}

bool lane_is_full(const struct lane *lane)
{
    return lane->next - lane->oldest == LANE_RING;
}

/* A single one leaves by the plainer call, which is a little cheaper. */
static int send_some(const struct lane *lane, unsigned first, unsigned count)
{
    if (lane->trains)
        return train_send(lane->socket, packet_parts + first, count);
    if (count > 1)
        return sendmmsg(lane->socket, outgoing + first, count, 0);
    return send(lane->socket, packets[first], packet_parts[first].iov_len, 0) < 0 ? -1 : 1;
}

static unsigned send_burst(struct lane *lane, unsigned count, struct tally *tally)
{
    unsigned sent = 0;
    while (sent < count) {
        int done = send_some(lane, sent, count - sent);
        if (done > 0)
            sent += done;
        else if (errno == EINTR || errno == ECONNREFUSED) /* the refusal is an earlier packet's */
            tally->errors++;
        else
            err(1, "cannot send");
    }
    return sent;
}

void lane_ask(struct lane *lane, struct questions *questions, unsigned count, uint64_t at, struct tally *tally)
{
    for (unsigned n = 0; n < count; n++) {
        struct question question = next_question(questions);
        memcpy(packets[n], question.packet, question.length);
        packets[n][0] = lane->next >> 8;
        packets[n][1] = lane->next;
        packet_parts[n].iov_len = question.length;
        lane->ring[lane->next++ % LANE_RING] = (struct asked){.at = at, .waiting = true};
    }
    lane->waiting += count;
    tally->sent += send_burst(lane, count, tally);
}

static void count_reply(const uint8_t *reply, unsigned length, struct tally *tally)
{
    tally->answered++;
    tally->octets += length;
    tally->rcodes[reply[3] & 15]++;
    tally->truncated += reply[2] >> 1 & 1;
    tally->with_answer += (reply[6] | reply[7]) != 0;
}

static void take_reply(struct lane *lane, const uint8_t *reply, unsigned length, uint64_t now, struct tally *tally)
{
    if (length < 12 || !(reply[2] & 0x80)) {
        tally->malformed++;
        return;
    }
    uint16_t ahead = (uint16_t)(reply[0] << 8 | reply[1]) - (uint16_t)lane->oldest;
    struct asked *asked = &lane->ring[(lane->oldest + ahead) % LANE_RING];
    if (ahead >= lane->next - lane->oldest || !asked->waiting) {
        tally->stray++;
        return;
    }
    asked->waiting = false;
    lane->waiting--;
    histogram_add(&tally->latency, now > asked->at ? now - asked->at : 0);
    count_reply(reply, length, tally);
}

static void forget_answered(struct lane *lane)
{
    while (lane->oldest != lane->next && !lane->ring[lane->oldest % LANE_RING].waiting)
        lane->oldest++;
}

static int receive_some(int socket, unsigned room)
{
    if (room > 1)
        return recvmmsg(socket, incoming, room, MSG_DONTWAIT | MSG_TRUNC, NULL);
    ssize_t length = recv(socket, replies[0], REPLY_OCTETS, MSG_DONTWAIT | MSG_TRUNC);
    incoming[0].msg_len = length;
    return length < 0 ? -1 : 1;
}

static void take_trains(struct lane *lane, struct tally *tally)
{
    unsigned segment;
    for (ssize_t octets; lane->waiting && (octets = train_receive(lane->socket, train, &segment)) >= 0;) {
        uint64_t now = now_ns();
        for (ssize_t at = 0; at < octets; at += segment)
            take_reply(lane, train + at, octets - at < segment ? octets - at : segment, now, tally);
    }
    tally->errors += lane->waiting && errno != EAGAIN;
    forget_answered(lane);
}

void lane_take(struct lane *lane, struct tally *tally)
{
    if (lane->trains) {
        take_trains(lane, tally);
        return;
    }
    unsigned room = lane->waiting < LANE_BURST ? lane->waiting : LANE_BURST;
    int count = receive_some(lane->socket, room);
    if (count < 0) {
        tally->errors += errno != EAGAIN;
        return;
    }
    uint64_t now = now_ns();
    for (int n = 0; n < count; n++)
        take_reply(lane, replies[n], incoming[n].msg_len, now, tally);
    forget_answered(lane);
}

void lane_expire(struct lane *lane, uint64_t deadline, struct tally *tally)
{
    while (lane->oldest != lane->next && lane->ring[lane->oldest % LANE_RING].at < deadline) {
        struct asked *asked = &lane->ring[lane->oldest++ % LANE_RING];
        tally->lost += asked->waiting;
        lane->waiting -= asked->waiting;
        asked->waiting = false;
    }
    forget_answered(lane);
}
