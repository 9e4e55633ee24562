"""What a rule says: findings, needs, fixes and their wording."""
