"""Says before deployment whether an Amazon ECS task can start, run and be reached with ECS Exec."""

__version__ = "0.1.0"
