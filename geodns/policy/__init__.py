"""Pools + verdicts + route → distribution. One small file per selection."""
