"""From paths to a report: discovery, rules in every world, triage, scan."""
