"""Packets that nobody should send → what comes back for them, held against the laws that all replies obey.

packets ─ queries of every kind, and what can be wrong with them
laws ──── what holds of a packet and its reply, whatever both are
targets ─ octets → a part of geodns, judged by laws
combinations ─ every opcode, flag, type and class          sockets ─ a million mutated packets over each transport
__main__ ─ coverage-guided: `make fuzz`                    corpus/ ─ what it found worth keeping, run by the tests
"""
