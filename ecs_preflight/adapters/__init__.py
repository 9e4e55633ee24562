"""From evaluated resources to the model's classes: what both languages have in common."""
