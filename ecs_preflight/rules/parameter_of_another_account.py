"""A secret is read from a parameter of another account.

What it finds
    ``valueFrom`` names a parameter by an ARN whose account is another than the task's. The task's
    account is known from the provider, or from the literal ARN of one of its roles; a note where it
    is not known.

Why it matters
    Parameter Store can share parameters between accounts, but ECS does not read shared ones: the
    task does not start, whatever the permissions.

Fix
    Keep the value in the task's own account, or in Secrets Manager, which has resource policies.

When it stays silent
    The ARN's account is a reference, or the task's own.

References
    parameter-store-shared-parameters, secrets-envvar-ssm-paramstore
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.secret_references import SecretReference, Store
from ..ecs.task_secrets import secret_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack, TaskDefinition
from ..symbolic.strings import pieces
from ..symbolic.values import Value, literal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        own = _own_account(stack, task)
        for use in secret_uses(stack, task):
            target = use.target
            if not isinstance(target, SecretReference) or target.store is not Store.PARAMETER_STORE:
                continue
            written = literal(use.value) or ""
            account = _account(use.value)
            if account is None or account == own or not written.startswith("arn:"):
                continue
            known = f", not of {own}" if own else ", if that is not the task's own"
            yield rule.finding(
                use.owner,
                f"Secret {use.title} is a parameter of account {account}{known}; ECS does not read "
                "parameters that another account shares.",
                span=use.span,
                phase=Phase.START,
                subject=use.named,
                severity=Severity.ERROR if own else Severity.NOTE,
                fix=Fix(
                    "Keep the value in a parameter of the task's account, or in a secret that the "
                    "other account's resource policy shares."
                ),
            )


def _own_account(stack: Stack, task: TaskDefinition) -> str | None:
    """The task's account: its provider's, else that of a role which is written as an ARN."""
    roles = (_account(task.execution_role), _account(task.task_role))
    own = literal((task.target or stack.target).account)
    return own or next((account for account in roles if account), None)


def _account(value: Value) -> str | None:
    parts = pieces.arn_parts(value)
    found = literal(parts[pieces.ACCOUNT]) if parts else None
    return found if found and found.isdecimal() else None


RULE = Rule(
    "ECS616", "parameter-of-another-account", (Severity.ERROR, Severity.NOTE), __doc__, check
)
