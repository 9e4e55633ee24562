"""Service principals as people write them."""

from __future__ import annotations

import re

from ..symbolic.placeholders import is_filled_in

TASKS = "ecs-tasks.amazonaws.com"
#: Of services behind load balancers, and of what ECS manages for tasks.
SERVICES = "ecs.amazonaws.com"

#: Close misses of the ECS principal that AWS refuses as no principal at all.
_TYPOS = (
    "ecs-task.amazonaws.com",
    "ecstasks.amazonaws.com",
    "ecs_tasks.amazonaws.com",
    "ecs-tasks.amazon.com",
    "ecs-tasks.aws.amazon.com",
    "ecs-tasks.amazonaws.com.cn",
    "ecs.tasks.amazonaws.com",
    "tasks.ecs.amazonaws.com",
    "ecs-tasks",
    "ecs-tasks.amazonaws",
)


def cleaned(principal: str) -> str | None:
    """What a malformed service principal was meant to be; None when it is not malformed, or a part
    of it is to be filled in (``<service>.amazonaws.com``).

    Chat programs turn ``ecs-tasks.amazonaws.com`` into ``<http://...|...>``; people add schemes,
    blanks and dots, or a China suffix that service principals do not have (facts G3, G5).
    """
    text = principal.strip().strip("<>")
    text = text.rsplit("|", 1)[-1]
    text = re.sub(r"^[a-z]+://", "", text).strip().strip("/").rstrip(".")
    if text.lower() in _TYPOS or (text.startswith("ecs-tasks.") and "*" in text):
        text = TASKS
    if "<" in text or ">" in text or (is_filled_in(principal) and "." not in text):
        return None
    return text if text != principal else None
