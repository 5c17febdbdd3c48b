"""Model + distributions → Table: flat, immutable, checksummed buffers. Compile, save, load, verify."""
