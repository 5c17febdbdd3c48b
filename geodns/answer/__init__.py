"""Packet + Table → reply. Sans-IO, and written so that Cython can compile the same lines.

    packet ─ question, edns ─▶ Query ─ resolve ─▶ find the name ─▶ locate the client ─▶ draw ─▶ sections ─ reply ─▶

Whole numbers and flat buffers only; between these files modules are imported rather than names; nothing is allocated
for a query.
"""
