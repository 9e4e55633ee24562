"""The task role may not use the key that encrypts ECS Exec sessions.

What it finds
    The cluster's Exec configuration names a KMS key, a service in it has Exec on, and the task role
    is not allowed ``kms:Decrypt`` on that key.

Why it matters
    The session agent in the container opens the encrypted channel with the task role.

Fix
    Allow ``kms:Decrypt`` on the key's ARN. Whoever runs ``execute-command`` needs
    ``kms:GenerateDataKey``.

When it stays silent
    The key is not part of the stack and not given by its ARN. No task role is named.

References
    ecs-exec
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.execs import exec_uses
from ..findings.finding import Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Key, Principal, Stack
from ..symbolic.answers import No, is_absent
from ..symbolic.values import Value, shown_value
from ._messages import EXEC_FAILED
from ._needs import check_needs


def needs(stack: Stack) -> Iterator[Need]:
    for use in exec_uses(stack):
        cluster = stack.cluster_of(use.launch)
        if cluster is None or cluster.exec is None:
            continue
        named = cluster.exec.kms_key
        key = _key_arn(stack, named) if isinstance(is_absent(named), No) else None
        if key is not None:
            yield Need(
                owner=use.launch,
                task=use.task,
                principal=Principal.TASK,
                role=use.task_role,
                demands=demands(["kms:Decrypt"], key),
                because=named.span,
                origin=named,
                phase=Phase.EXEC,
                purpose=f"open the encrypted Exec sessions of cluster '{cluster.address}'",
                subject="session key",
                doubt=use.doubt,
                fails_with=EXEC_FAILED,
            )


def _key_arn(stack: Stack, named: Value) -> Value | None:
    found = stack.find(Key, named)
    if found is not None:
        return found.arn
    return named if ":key/" in shown_value(named) else None


RULE = Rule("ECS707", "exec-session-key-denied", (Severity.ERROR,), __doc__, check_needs, needs)
