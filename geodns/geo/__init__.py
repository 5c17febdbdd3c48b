"""Address → place → territory: databases and own networks, merged until no two neighbours are equal."""
