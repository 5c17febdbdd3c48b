"""The command line: one file a verb.

    argv ─ main ─▶ verb ─┬─ offline: files are read and compiled in memory ─▶ text, JSON or SVG
                         └─ client: the admin endpoint of a running geodns ─▶ text or JSON

In reading order: main, verbs, fault, arguments, settings, moments, weighing, offline, progress, wording, columns,
paint, check, explain and explanation, diff, sides, revision and difference, map and reached (as text), picture,
palette, marks, legend, svg and raster (as a picture), export, schema, client, shapes, status and glance, override,
load and load_text, reload; serve, wishes and control_process.
"""
