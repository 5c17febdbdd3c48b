"""Datagram or stream → packet → reply: the sockets, the processes that read them, and what outlives a process.

    premises ── sockets, shared memory, channels, a lifeline: opened once, handed to every child by file descriptor
      └─ keeper ── starts children and restarts what dies
           └─ worker ── follows the generations; udp and tcp bring packets to the desk, the desk always has a reply

Streams have layers: connection (with admission and peer) ─ line ─ tcp (with framing and at_length).

In reading order: sockets, counts, messages, channel, premises, keeper, desk (with odd and failure), udp (with
pktinfo), line, connection, tcp, worker, solo.
"""
