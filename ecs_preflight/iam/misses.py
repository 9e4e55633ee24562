"""What comes nearest when the answer is No, and the one reason why it does not count."""

from __future__ import annotations

from ..model import Role
from ..values import Evidence
from .evaluate import Policies, Request


def outside(title: str, policies: Policies, asked: Request, role: Role) -> tuple[Evidence, ...]:
    """The boundary or session policy that does not let the action through."""
    place = role.boundary.attached if role.boundary else role.span
    return (Evidence(f"The {title} does not allow '{asked.call.action}' on it.", role.address, place),)


def near(policies: Policies, asked: Request) -> tuple[Evidence, ...]:
    return ()
