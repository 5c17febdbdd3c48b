"""Answers to what is asked of names outside → what is served, and when to ask again. A pure fold; time is an argument.

outcome ─ course.heard ─▶ course ─ course.served ─▶ addresses and TTL; saved: over restarts
"""
