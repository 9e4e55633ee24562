"""The execution role may not read an SSM parameter that the task names.

What it finds
    A container's ``secrets`` or a log driver's ``secretOptions`` take a value from Parameter Store,
    and the execution role is not allowed ``ssm:GetParameters`` on that parameter.

Why it matters
    The agent calls GetParameters, plural: ``ssm:GetParameter`` does not help. It asks for up to ten
    parameters at once, and one that is not allowed fails them all.

Fix
    Allow ``ssm:GetParameters`` on ``parameter/NAME``, without a second slash for a name that begins
    with one.

When it stays silent
    The parameter's name or the role's policies are not fully known, or the grant depends on a
    condition such as a resource tag. What cannot be a parameter's name at all is another rule's
    (ECS612).

References
    task_execution_IAM_role, secrets-envvar-ssm-paramstore
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.secret_references import Store
from ..ecs.task_secrets import distinct_uses
from ..ecs.unknown_parts import unknown_secrets
from ..findings.decide import authorization, outcome
from ..findings.finding import AnyOutcome, Finding, Fix, Phase, Severity
from ..findings.fixing.references import referring
from ..findings.needs import Demand, Need, demands
from ..findings.rule import Rule
from ..findings.wording import in_code
from ..model import Principal, Role, Stack, StoredSecret
from ..symbolic import arns
from ..symbolic.answers import Yes
from ..symbolic.records import replace
from ..symbolic.values import ABSENT, Known, Value, expanded, literal
from . import malformed_secret_reference
from ._messages import RETRIEVAL_FAILED
from ._needs import check_possible, own_needs

FAILS_WITH = RETRIEVAL_FAILED + (
    "unable to retrieve secrets from ssm: service call has been retried "
    "1 time(s): AccessDeniedException"
)


def needs(stack: Stack) -> Iterator[Need]:
    for use, found in distinct_uses(stack, Store.PARAMETER_STORE):
        if malformed_secret_reference.fault(stack, use) is not None:
            continue
        yield Need(
            owner=use.owner,
            task=use.task,
            principal=Principal.EXECUTION,
            role=use.task.execution_role,
            because=use.span,
            origin=use.value,
            phase=Phase.START,
            subject=expanded(found.arn),
            demands=demands(["ssm:GetParameters"], found.arn),
            purpose=f"read parameter {use.title}",
            fails_with=FAILS_WITH,
        )


def check(rule: Rule, stack: Stack) -> Iterator[AnyOutcome | None]:
    yield from check_possible(rule, stack, unknown_secrets(stack), ["ssm:GetParameters"])
    for need in own_needs(rule, stack):
        said = outcome(rule, stack, need)
        meant = _secret_of_that_name(stack, need) if isinstance(said, Finding) else None
        if isinstance(said, Finding) and meant is not None:
            said = replace(
                said,
                message=f"{said.message} A name means a parameter, but the role may read the "
                "secret of that name.",
                fix=_by_arn(stack, need),
            )
        yield said


def _by_arn(stack: Stack, need: Need) -> Fix:
    """The ARN of the secret of that name: by what names it, where the stack makes it."""
    value = ABSENT if need.origin is None else need.origin
    secret = stack.find(StoredSecret, value)
    if secret is None:
        return Fix("Write the secret's whole ARN, with what Secrets Manager adds to its name.")
    return Fix(
        "Write the secret's ARN:",
        in_code(stack, secret.arn, need.owner.address),
        draft=referring(stack, need.owner, value, secret, "arn"),
    )


def _secret_of_that_name(stack: Stack, need: Need) -> Value | None:
    """The ARN of the secret whose name stands there, where the role may read just that."""
    role = stack.role_of(need.role)
    name = literal(need.origin) if need.origin is not None else None
    if name is None or name.startswith(("arn:", "/")) or not isinstance(role, Role):
        return None
    arn = arns.secret(stack.target, Known(name), name)
    demand = Demand("secretsmanager:GetSecretValue", arn)
    reads = isinstance(authorization(stack, role, demand, need.principal), Yes)
    return arn if reads else None


RULE = Rule("ECS606", "parameter-not-readable", (Severity.ERROR,), __doc__, check, needs)
