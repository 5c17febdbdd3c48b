"""What things are: frozen values and nothing else, so every other package can speak of them.

In reading order: name, serial, source, endpoint, place, check, schedule, pool, outside, policy, service, transfer,
secondary, zone, verdict, rate_limit. Standard library only.
"""
