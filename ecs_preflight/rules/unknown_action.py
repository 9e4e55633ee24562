"""A policy names an action that does not exist.

What it finds
    An action that its service does not have, with the nearest one that it has
    (``ssm:GetParamters``), in a policy of a task's or launcher's role. So it is with the names of
    API calls that are authorized as other actions: ``s3:ListObjects`` is ``s3:ListBucket``.

Why it matters
    IAM accepts it, and it grants nothing.

Fix
    Write the action that the finding names.

When it stays silent
    Wildcards; services that are not in the tool's list; names without a near one, which may be new.
    Roles that no task, launch, deployer or service of ECS in the scanned code uses.

References
    reference_policies_actions-resources-contextkeys
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import iam
from ..ecs.policies import written_statements
from ..ecs.scope import roles_of_ecs
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack
from ..symbolic.values import literal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in roles_of_ecs(stack):
        for policy, statement in written_statements(role):
            listed = (*(statement.actions or ()), *(statement.not_actions or ()))
            for action in listed:
                found = iam.actions.unknown_action(literal(action) or "*")
                if found is not None and found.nearest:
                    what = (
                        f"which is the name of a call: '{found.nearest}' is the action that "
                        "allows it"
                        if found.is_call
                        else f"which does not exist; '{found.nearest}' does"
                    )
                    yield rule.finding(
                        role,
                        f"{role.noun} '{role.address}' names action '{found.action}', {what}.",
                        span=action.span,
                        phase=Phase.RUN,
                        subject=f"{policy.attachment} {found.action}",
                        fix=Fix(
                            f"Write '{found.nearest}'.",
                            f'"{found.nearest}"',
                            draft=settings.reworded_in(listed, action, found.nearest),
                        ),
                    )


RULE = Rule("ECS632", "unknown-action", (Severity.WARNING,), __doc__, check)
