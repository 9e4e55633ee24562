"""IAM's answers: may this role do that, and who may assume it."""

from __future__ import annotations

from ..model import Principal, Role, Stack
from ..values import Answer, Unknown, Value


def may(stack: Stack, role: Role, action: str, resource: Value, principal: Principal) -> Answer:
    """May ``role``, used as ``principal``, call ``action`` on ``resource``?"""
    return Unknown("not yet evaluated")


def assumable(stack: Stack, role: Role, service: str) -> Answer:
    """Does the role's trust policy let ``service`` (``ecs-tasks.amazonaws.com``) assume it?"""
    return Unknown("not yet evaluated")
