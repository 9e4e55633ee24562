"""A permission hangs on a condition key that the call does not carry.

What it finds
    ``aws:SourceArn`` or ``aws:SourceAccount`` in a task role's permissions;
    ``secretsmanager:VersionStage`` in an execution role's.

Why it matters
    The source keys are only there when a service calls another on somebody's behalf, not when the
    container calls by itself; the agent names a version stage only if ``valueFrom`` does. The
    statement never applies. An older guide recommended the first.

Fix
    Put the source condition into the trust policy; leave the version stage out.

When it stays silent
    ``IfExists`` and negated operators, which hold without the key.

References
    task-iam-roles, reference_policies_condition-keys
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.policies import allows, only_used_as, written_statements
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Principal, Stack

KEYS = {
    Principal.TASK: ("aws:sourcearn", "aws:sourceaccount"),
    Principal.EXECUTION: ("secretsmanager:versionstage",),
}


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for principal, keys in KEYS.items():
        for use in only_used_as(stack, principal):
            for policy, statement in written_statements(use.role):
                for condition in statement.conditions if allows(statement) else ():
                    operator = condition.operator.lower()
                    if (
                        condition.key.lower() not in keys
                        or "not" in operator
                        or operator.endswith("ifexists")
                        or operator == "null"
                        or stack.used_elsewhere(use.role) - {principal}
                    ):
                        continue
                    yield rule.finding(
                        use.role,
                        f"{statement.title.capitalize()} of {principal.value} "
                        f"'{use.role.address}' never applies: its calls do not carry "
                        f"'{condition.key}'.",
                        span=condition.span,
                        phase=Phase.RUN,
                        subject=f"{policy.attachment} {statement.title} {condition.key}",
                        fix=Fix(
                            "Leave the condition out.",
                            draft=settings.removing_whole(condition.span),
                        ),
                    )


RULE = Rule("ECS630", "source-condition-in-permission-policy", (Severity.WARNING,), __doc__, check)
