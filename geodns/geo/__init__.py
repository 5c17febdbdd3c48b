"""Address → place → territory: databases and own networks, merged until no two neighbours are equal.

*.mmdb ── tree ─ records ─▶ mmdb ─┐
data/*.xz ─ compact ─▶ embedded ──┴▶ Atlas: address → Place ─┐
own networks ── nest ────────────────────────────────────────┼─▶ territory.draw ─▶ Leaves: prefix → route, scope
private and tunnel blocks ── special, fold ──────────────────┘
"""
