/* A train: datagrams of one length, the last may be shorter, that pass through the kernel as one buffer.
 *
 * What a host with a card that cuts them up (UDP_SEGMENT) and joins them again (UDP_GRO) is to the other side. */
#ifndef TRAIN_H
#define TRAIN_H

#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#define TRAIN_OCTETS 65536
#define TRAIN_LENGTH 64 /* the most that the kernel takes as one */

/* From now on, what comes in may be joined. */
void train_allow(int socket);

/* Sends as many of the first packets as have one length; how many these were, or -1. */
int train_send(int socket, struct iovec *packets, unsigned count);

/* Takes what has come as one, without waiting: its octets, or -1. `segment`: of these, each packet's. */
ssize_t train_receive(int socket, uint8_t buffer[TRAIN_OCTETS], unsigned *segment);

#endif
