"""Reports of load → the part of its clients that each pool keeps, and of its weight each member. A pure fold: time is
an argument.

Report ─ reading ─▶ load ─ lag ─▶ demand ─┬ keeping ─▶ a pool's part of its clients ─┐
                                          ├ easing ──▶ members below their targets  ─┼─ fold ─▶ State ─ result ─▶ Loads
                                          └ evening ─▶ members of least_load         ┘
"""
