"""Roles that deploy to ECS: CI, functions, CodeDeploy."""

from __future__ import annotations

from ..model import Role
from ..symbolic.values import literal
from .policies import allows, covers_action, written_statements

#: Calls that pass a task definition's roles along (facts H5).
PASSING = ("ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:CreateService", "ecs:StartTask")


def deploys(role: Role) -> bool:
    """Does a statement written in the code let the role register or start tasks?"""
    return any(
        allows(statement) and covers_action(action, call)
        for _, statement in written_statements(role)
        for action in statement.actions or ()
        if literal(action) != "*"
        for call in PASSING
    )
