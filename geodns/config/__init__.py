"""YAML zones, master files and the server's own file → model values; every problem at once, each with its place.

    *.yaml ─ marked ─▶ tree ─ reading ─▶ forms ─ checks, pools, policies, records ─▶ Zone ─ lint ─▶ warnings
    *.zone ─ master ──────────────────────────────────────────────────────────────▶ Zone ─ lint ─▶ warnings

In reading order: problem, decoding, scalars, tree, marked, collector, durations, networks, fields, forms, complaints,
reading, checks, pools, policies, rdata, steering, records, expectations, yaml_zone, plain_lines, master, lint,
zones, settings_form, server, schema.
"""
