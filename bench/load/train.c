#define _GNU_SOURCE
#include "train.h"

#include <err.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>

void train_allow(int socket)
{
    int yes = 1;
    if (setsockopt(socket, IPPROTO_UDP, UDP_GRO, &yes, sizeof yes) != 0)
        err(1, "this kernel does not join datagrams (UDP_GRO, Linux 5.0)");
}

int train_send(int socket, struct iovec *packets, unsigned count)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(uint16_t))];
    } control = {.header = {.cmsg_level = IPPROTO_UDP, .cmsg_type = UDP_SEGMENT, .cmsg_len = CMSG_LEN(sizeof(uint16_t))}};
    uint16_t length = packets[0].iov_len;
    unsigned joined = 1;
    while (joined < count && joined < TRAIN_LENGTH && packets[joined].iov_len == length)
        joined++;
    memcpy(CMSG_DATA(&control.header), &length, sizeof length);
    struct msghdr message = {.msg_iov = packets, .msg_iovlen = joined};
    if (joined > 1) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
    }
    return sendmsg(socket, &message, 0) < 0 ? -1 : (int)joined;
}

ssize_t train_receive(int socket, uint8_t buffer[TRAIN_OCTETS], unsigned *segment)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec whole = {buffer, TRAIN_OCTETS};
    struct msghdr message = {
        .msg_iov = &whole, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t octets = recvmsg(socket, &message, MSG_DONTWAIT);
    if (octets < 0)
        return -1;
    int size = octets;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
        if (header->cmsg_level == IPPROTO_UDP && header->cmsg_type == UDP_GRO)
            memcpy(&size, CMSG_DATA(header), sizeof size);
    *segment = size;
    return octets;
}
