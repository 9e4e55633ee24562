"""What ECS does with the facts of the model: which role its agent uses for what, which registry an
image comes from, what a secret's reference means, where Exec is enabled. Shared by the rules."""
