"""What a query costs, here and in the servers next door.

    facts ─ packets ─▶ workloads ┐
    facts ─ servers ─▶ running ──┼─ rounds ─▶ samples ─ figures ─▶ table, plot, raw JSON
    load/*.c ─ tools ─▶ asking ──┘

    python -m bench             geodns and its peers on the same work, in one run
    python -m bench.encrypted   the same question by TCP, TLS and HTTPS, here and in BIND
    python -m bench.answer      what an answer and its table cost in this process

docs/benchmarks.md says how it is measured.
"""
