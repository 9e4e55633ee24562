"""Documents in YAML and JSON, read into one tree of nodes with the place of each."""
