"""YAML zones, master files and the server's own file → model values; every problem at once, each with its place.

    *.yaml ─ marked ─▶ tree ─ reading ─▶ forms ─ checks, pools, policies, records ─▶ Zone ─ lint ─▶ warnings
    *.zone ─ master ──────────────────────────────────────────────────────────────▶ Zone ─ lint ─▶ warnings

In reading order: problem, decoding, scalars, tree, marked (with collector): files as trees · durations, networks,
places, fields, forms, complaints, reading: what may be written · checks, schedules, limits, pools, sharing: who answers
· conditions, regions, steps, policies: for whom · rdata, steering, flattening, records: what names hold ·
expectations, transfers: of the zone as a whole · yaml_zone, plain_lines, master, zones: files of zones · lint, with
aliases, delegations, dnames and coverage: what only shows in the whole · settings_form, keys, secondaries,
network_files, secrets, server: geodns.yaml · schema, weights: for editors, and for diff and map.
"""
