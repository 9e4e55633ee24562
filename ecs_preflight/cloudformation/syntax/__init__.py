"""Templates in YAML and JSON, read into one tree of nodes."""
