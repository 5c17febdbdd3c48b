"""Sockets: the keeper, its workers, and what they read and write."""
