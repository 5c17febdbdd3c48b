"""Packet + Table → reply. Sans-IO, and written so that Cython can compile the same lines (see the .pxd rules)."""
