"""Probe results → verdicts. A pure fold: time is an argument.

Result ─ history ─▶ one target's verdict ─┐
       └ isolation ─▶ is it us? ──────────┴─ ledger ─▶ flips, standings
"""
