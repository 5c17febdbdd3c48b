"""Model + distributions → Table: flat, immutable, checksummed buffers. Compile, save, load, verify.

layout: what lies where · records, index, zone_names → names · territories → lands · plan: the three parts ·
compile: which of them, when · part, block, image, store: sealed, joined, opened, kept · odds: read back.
"""
