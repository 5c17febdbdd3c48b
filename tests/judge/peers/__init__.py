"""The servers that are compared: one file each, a folder and a port → a configuration and a command line."""
