"""Address → place → territory: databases and own networks, merged until no two neighbours are equal.

*.mmdb ── tree, decoder ─ records ─▶ mmdb ─┐
data/*.xz ── compact ─▶ embedded ──────────┴▶ Atlas: address → Place ─┐
own networks ── nest ─────────────────────────────────────────────────┼─▶ territory.draw ─▶ Leaves: prefix → route
private and tunnel blocks ── special, fold ───────────────────────────┘

For pictures: outlines, country → its shape, and equal_earth, a point on the globe → a point on the map.

Partitions are Runs, in flat arrays of Starts; what is done for each of millions of runs is compiled: walk, numbering,
sweep, cutting.
"""
