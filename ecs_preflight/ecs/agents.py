"""Which role the ECS agent uses for what it does on behalf of a task."""

from __future__ import annotations

from ..model import Stack, TaskDefinition, lists, runs_on_fargate
from ..symbolic.answers import No, Yes
from ..symbolic.values import Unknown, Why


def agent_uses_execution_role(stack: Stack, task: TaskDefinition) -> Unknown | None:
    """None when pulling the image surely takes the execution role: on Fargate and on Managed
    Instances; else why it may be the container instance's role (facts A3)."""
    fargate = runs_on_fargate(stack, task)
    managed = lists(task.compatibilities, "MANAGED_INSTANCES")
    if isinstance(fargate, Yes) or (
        isinstance(managed, Yes) and isinstance(lists(task.compatibilities, "EC2"), No)
    ):
        return None
    if isinstance(fargate, Unknown):
        return fargate
    return Unknown("on EC2 the container instance's role may do it", why=Why.OUTSIDE)
