"""What things are: frozen values and nothing else, so every other package can speak of them.

In reading order: name, serial, source, place, check, pool, outside, policy, transfer, secondary, zone, verdict.
Standard library only.
"""
