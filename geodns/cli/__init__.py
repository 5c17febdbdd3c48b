"""The command line: one file a verb.

    argv ─ main ─▶ verb ─┬─ offline: files are read and compiled in memory ─▶ text or JSON
                         └─ client: the admin endpoint of a running geodns ─▶ text or JSON

In reading order: main, verbs, fault, settings, offline, progress, wording, columns, paint, check, explain and
explanation, diff and difference, export, schema, client, shapes, status and glance, override, reload; serve and
control_process.
"""
