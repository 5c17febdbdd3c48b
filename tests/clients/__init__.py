"""Programs that operators ask nameservers with: they get from a running geodns what they should."""
