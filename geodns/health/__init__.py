"""Probe results → verdicts. A pure fold: time is an argument."""
