"""The making of generations: load, watch, compile, publish, override, persist.

inputs → edition → publisher: from files to what workers serve · monitor: probes and verdicts · overrides, serials,
landkeep, folder: what is kept · control: all of it together · explain, diff, steered and reach, members, totals: what
can be asked.
"""
