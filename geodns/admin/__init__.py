"""Control → HTTP: request → guard → api → view → JSON, and the metrics. Decides nothing about answers.

app: the listening · guard, hosts, tokens: who is let in · api: the routes · lookup, orders: what a request names and
wants · status, zones, members, readiness: what is shown of control · metrics, families, timings: /metrics.
"""
