"""Model + distributions → Table: flat, immutable, checksummed buffers. Compile, save, load, verify.

layout: what lies where · records, additional, index, zone_names → names · territories, trie → lands · turns, services,
plan: the three parts · transfer_part → transfers: what copies of zones are made from · compile: which of them, when ·
slots: where is counted · part, block, image, store: sealed, joined, opened, kept · odds: read back.
"""
