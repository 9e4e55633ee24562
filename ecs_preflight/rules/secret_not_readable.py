"""The execution role may not read a Secrets Manager secret that the task names.

What it finds
    A container's ``secrets`` or a log driver's ``secretOptions`` take a value from Secrets Manager,
    and the execution role is not allowed ``secretsmanager:GetSecretValue`` on that secret: nowhere
    granted, granted on another secret, or on an ARN without the six characters that Secrets Manager
    appends. A name that ends in a hyphen and six characters (``-secret``) is taken for a whole ARN.

Why it matters
    The agent reads secrets before the container starts, with the execution role. The task role's
    permissions do not help it, and AmazonECSTaskExecutionRolePolicy allows no secret at all.

Fix
    Allow the action on the secret in a policy of the execution role. Where the secret's ARN is
    written by hand, end it with ``-??????``.

When it stays silent
    The secret's own policy grants the role, or the role's policies are not fully known. The
    reference is not known, and the role may read some secrets or parameters.

References
    task_execution_IAM_role, secrets-envvar-secrets-manager, auth-and-access_iam-policies
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.secret_references import Store, is_not_given, of_empty_input
from ..ecs.task_secrets import SecretUse, distinct_uses, unclear_uses
from ..ecs.unknown_parts import unknown_secrets
from ..findings.decide import outcome, outcome_of_either
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..findings.wording import pattern
from ..model import Principal, Stack
from ..symbolic.records import replace
from ..symbolic.values import Known, Unknown, Value, expanded, shown_value
from ._messages import RETRIEVAL_FAILED
from ._needs import check_needs, check_possible

FAILS_WITH = RETRIEVAL_FAILED + (
    "unable to retrieve secret from asm: service call has been retried "
    "1 time(s): failed to fetch secret {arn} from secrets manager: "
    "AccessDeniedException"
)


def needs(stack: Stack) -> Iterator[Need]:
    for use, found in distinct_uses(stack, Store.SECRETS_MANAGER):
        subject = shown_value(expanded(found.arn))
        yield _need(use, "secretsmanager:GetSecretValue", found.arn, subject)


def _need(use: SecretUse, action: str, arn: Value, subject: Value | str) -> Need:
    return Need(
        owner=use.owner,
        task=use.task,
        principal=Principal.EXECUTION,
        role=use.task.execution_role,
        because=use.span,
        origin=use.value,
        subject=subject,
        phase=Phase.START,
        demands=demands([action], arn),
        purpose=f"read secret {use.title}",
        fails_with=FAILS_WITH.format(arn=pattern(arn)),
    )


def _unclear(rule: Rule, stack: Stack, use: SecretUse, reason: Unknown) -> AnyOutcome | None:
    """A secret or a parameter: what the role may read of both decides. A secret whose input is
    empty is one in whatever deployment gives it."""
    value = expanded(use.value)
    if isinstance(value, Known):
        return None
    if is_not_given(value):
        secret = of_empty_input(value)
        if secret is None:
            return None
        need = _need(use, "secretsmanager:GetSecretValue", secret, use.title)
        return outcome(rule, stack, replace(need, doubt=reason))
    either = [
        _need(use, action, use.value, use.title)
        for action in ("secretsmanager:GetSecretValue", "ssm:GetParameters")
    ]
    return outcome_of_either(rule, stack, either, reason)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for use, reason in unclear_uses(stack):
        yield _unclear(rule, stack, use, reason) or rule.undecided(
            use.owner, reason, span=use.span, subject=use.named
        )
    yield from check_possible(
        rule, stack, unknown_secrets(stack), ["secretsmanager:GetSecretValue"]
    )
    yield from check_needs(rule, stack)


RULE = Rule("ECS605", "secret-not-readable", (Severity.ERROR,), __doc__, check, needs)
