"""The making of generations: load, watch, compile, publish, override, persist."""
