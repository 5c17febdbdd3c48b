"""Caching resolvers in front of geodns: what they keep by the scopes that it returns is right for every client.

client ─ subnet ─▶ unbound or pdns-recursor, with a cache ─ subnet ─▶ geodns
client ──────────▶ BIND or Knot Resolver, with a cache ─────────────▶ geodns
"""
