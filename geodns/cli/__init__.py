"""The command line: one file a verb.

    argv ─ main ─▶ verb ─┬─ offline: files are read and compiled in memory ─▶ text, JSON or SVG
                         └─ client: the admin endpoint of a running geodns ─▶ text or JSON

In reading order: main, verbs, fault, settings, offline, progress, wording, columns, paint, check, explain and
explanation, diff and difference, map and reached (as text), picture, palette, marks, legend and svg (as a picture),
export, schema, client, shapes, status and glance, override, reload; serve and control_process.
"""
