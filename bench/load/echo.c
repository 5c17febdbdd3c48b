/* What the sockets allow: sends each datagram back with the QR bit set, and does nothing else that a DNS server does.
 *
 *     echo PORT [group] [spin]
 *
 * group: replies of one length to one address leave as one buffer (UDP_SEGMENT). spin: it does not sleep as long as it is
 * asked; the core is another server's when it is not. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH 64
#define OCTETS 512
#define SPIN 10000000 /* ns */

static uint8_t packets[BATCH][OCTETS];
static struct sockaddr_in peers[BATCH];
static struct iovec parts[BATCH], grouped_parts[BATCH];
static struct mmsghdr messages[BATCH], groups[BATCH];
static union {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(uint16_t))];
} segments[BATCH];

static int open_socket(const char *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0)
        err(1, "port %s", port);
    return fd;
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int receive(int fd, bool spin)
{
    int got = -1;
    for (uint64_t until = spin ? now_ns() + SPIN : 0; got <= 0 && spin && now_ns() < until;)
        got = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
    return got > 0 ? got : recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
}

static void await_any(void)
{
    for (int n = 0; n < BATCH; n++) {
        parts[n] = (struct iovec){packets[n], OCTETS};
        messages[n].msg_hdr = (struct msghdr){
            .msg_name = &peers[n], .msg_namelen = sizeof peers[n], .msg_iov = &parts[n], .msg_iovlen = 1};
    }
}

static void send_all(int fd, struct mmsghdr *outgoing, int count)
{
    for (int sent = 0; sent < count;) {
        int done = sendmmsg(fd, outgoing + sent, count - sent, 0);
        sent += done > 0 ? done : 1; /* one that cannot be sent is passed over */
    }
}

static bool belong_together(int first, int second)
{
    return peers[first].sin_port == peers[second].sin_port && parts[first].iov_len == parts[second].iov_len &&
           peers[first].sin_addr.s_addr == peers[second].sin_addr.s_addr;
}

static void set_segment(struct msghdr *message, int group, uint16_t length)
{
    message->msg_control = &segments[group];
    message->msg_controllen = sizeof segments[group];
    segments[group].header = (struct cmsghdr){
        .cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT, .cmsg_len = CMSG_LEN(sizeof length)};
    memcpy(CMSG_DATA(&segments[group].header), &length, sizeof length);
}

/* Neighbours only: bursts arrive together. */
static int group_up(int count)
{
    int made = 0;
    for (int n = 0, members; n < count; n += members, made++) {
        groups[made].msg_hdr = (struct msghdr){
            .msg_name = &peers[n], .msg_namelen = sizeof peers[n], .msg_iov = &grouped_parts[n]};
        for (members = 0; n + members < count && belong_together(n, n + members); members++)
            grouped_parts[n + members] = parts[n + members];
        groups[made].msg_hdr.msg_iovlen = members;
        if (members > 1)
            set_segment(&groups[made].msg_hdr, made, parts[n].iov_len);
    }
    return made;
}

int main(int count, char **words)
{
    bool group = false, spin = false;
    if (count < 2)
        errx(2, "echo PORT [group] [spin]");
    for (int n = 2; n < count; n++) {
        group |= strcmp(words[n], "group") == 0;
        spin |= strcmp(words[n], "spin") == 0;
    }
    int fd = open_socket(words[1]);
    for (;;) {
        await_any();
        int got = receive(fd, spin);
        for (int n = 0; n < got; n++) {
            packets[n][2] |= 0x80;
            parts[n].iov_len = messages[n].msg_len;
        }
        if (got > 0)
            send_all(fd, group ? groups : messages, group ? group_up(got) : got);
    }
}
