"""YAML and master files → model. Every problem at once, each with file:line:column and a way out."""
