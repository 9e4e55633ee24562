"""A policy names an action that does not exist.

What it finds
    An action that its service does not have, with the nearest one that it has
    (``ssm:GetParamters``), or that makes the same (``events:CreateRule``), in a policy of a task's
    or launcher's role. So it is with the names of API calls that are authorized as other actions:
    ``s3:ListObjects`` is ``s3:ListBucket``.

Why it matters
    IAM accepts it, and it grants nothing.

Fix
    Write the action that the finding names.

When it stays silent
    Wildcards; services that are not in the tool's list and whose names are not nearly those of ones
    in it; names without a near one, which may be new.
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
from ..findings.fixing import corrections
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Stack
from ..symbolic.values import literal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for role in roles_of_ecs(stack):
        for policy, statement in written_statements(role):
            for listed in filter(None, (statement.actions, statement.not_actions)):
                for action in listed:
                    found = iam.actions.unknown_action(literal(action) or "*")
                    if found is not None and found.nearest:
                        yield rule.finding(
                            role,
                            f"{role.noun} '{role.address}' names action '{found.action}', "
                            f"{_what(found)}.",
                            span=action.span,
                            phase=Phase.RUN,
                            subject=f"{policy.attachment} {found.action}",
                            fix=Fix(
                                f"Write {quoted(found.allowing)}.",
                                ", ".join(f'"{name}"' for name in found.allowing),
                                draft=corrections.renaming_action(listed, action, found.allowing),
                            ),
                        )


def _what(found: iam.actions.Unlisted) -> str:
    if not found.is_call:
        return f"which does not exist; '{found.nearest}' does"
    allowing = quoted(found.allowing)
    are = "are the actions that allow it" if found.others else "is the action that allows it"
    return f"which is the name of a call: {allowing} {are}"


RULE = Rule("ECS632", "unknown-action", (Severity.WARNING,), __doc__, check)
