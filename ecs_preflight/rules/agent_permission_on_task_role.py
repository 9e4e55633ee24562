"""A permission that the ECS agent needs stands on the task role.

What it finds
    What the agent does before the container runs (pulling the image, writing awslogs, reading secrets
    and parameters) is allowed on the task role, and not on the execution role. Reported at the
    statement, to be moved.

Why it matters
    The agent uses the execution role alone; the task role's permissions are for code in the container.
    The task does not start, although the permission is there.

Fix
    Move the statement to a policy of the execution role.

When it stays silent
    The execution role has the permission too. The two roles are one.

References
    task_execution_IAM_role, task-iam-roles
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..finding import AnyOutcome, Finding, Rule, Severity
from ._misplaced import misplaced
from ..model import Stack
from . import (
    agent_file_not_readable,
    container_logs_not_writable,
    environment_file_not_readable,
    image_not_pullable,
    key_not_usable,
    log_group_not_creatable,
    parameter_not_readable,
    registry_credentials_not_readable,
    secret_not_readable,
)

AGENT_NEEDS = (
    image_not_pullable, container_logs_not_writable, log_group_not_creatable, secret_not_readable,
    parameter_not_readable, key_not_usable, registry_credentials_not_readable,
    environment_file_not_readable, agent_file_not_readable,
)


def misplaced_agent_permissions(rule: Rule, stack: Stack) -> Iterator[Finding]:
    """The findings of this rule, for the rules that stay silent where this one speaks."""
    return misplaced(rule, stack, (need for module in AGENT_NEEDS for need in module.needs(stack)))


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    return misplaced_agent_permissions(rule, stack)


RULE = Rule("ECS621", "agent-permission-on-task-role", (Severity.ERROR,), __doc__, check)
