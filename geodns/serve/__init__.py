"""Datagram or stream → packet → reply: the sockets, the processes that read them, and what outlives a process.

    premises ── sockets, shared memory, channels, a lifeline: opened once, handed to every child by file descriptor
      └─ keeper ── starts children and restarts what dies
           ├─ worker ── follows the generations; udp and tcp bring packets to the desk, the desk always has a reply
           └─ front ── the same for what comes by TLS and HTTPS

Streams have layers: connection (with admission and peer) ─ line ─ (tls) ─ tcp (with framing and at_length), or http1
and http2 (with https and freshness). A front is a worker for what is encrypted; it alone reads the certificate's key.

In reading order: sockets, counts, messages, channel, premises, keeper, desk (with odd and failure), udp (with
pktinfo), line, connection, tcp, share, process, worker; tls, certificate (with validity), presented, https, http2,
http1, front; solo.
"""
