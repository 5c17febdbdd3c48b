"""The making of generations: load, watch, compile, publish, override, persist.

inputs → edition → publisher: from files to what workers serve · monitor, orders, timekeeper, loads, outside, copies:
what makes a new generation due, each with a state of its own; renewal: names elsewhere in copies of zones · control:
all of it together.

- Due: gathering, pacing, overrides, reports and burdens, asker and transferring are what these go by; watch: files.
- Kept: folder, journal, serials, landkeep, configurations.
- Told to others: workers and upkeep; notifier and notify, to secondaries; limited, to the log.
- Asked: explain, with steering, clients, reasons, members, signatures and load_views; supposing: what if · diff, with
  changes, moves and weights · reach and steered: the map · totals, certificates.
"""
