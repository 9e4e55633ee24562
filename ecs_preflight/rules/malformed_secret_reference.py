"""A secret's ``valueFrom`` is in a form that ECS does not understand.

What it finds
    A Secrets Manager ARN with a JSON key but without all three colons after it, or with both a
    version stage and a version id; the name of a secret where only a parameter's name can stand. A
    secret's or parameter's ARN with a wildcard, or within another ARN; registry credentials in
    such a form, or by a name that none can have.

Why it matters
    The agent counts the fields and refuses others than seven or ten. A bare name is looked up in
    Parameter Store, never in Secrets Manager.

Fix
    Write ``ARN:json-key::`` with every colon, or the ARN alone: what already is an ARN
    (``!Ref`` of a secret) as it is.

When it stays silent
    A part of the reference that may hold colons is not known.

References
    secrets-envvar-secrets-manager, API_Secret, private-auth
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.arn_forms import credentials_fault, misshapen
from ..ecs.secret_references import Store, fields
from ..ecs.task_secrets import SecretUse, secret_uses
from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.references import unwrapping
from ..findings.rule import Rule
from ..model import Stack, StoredSecret
from ..symbolic.values import Known, Reference, Text, Unknown, Value, expanded, literal, shown_value

CREDENTIALS_FAIL_WITH = (
    "ClientException: The repository credentials parameter specified for container '{name}' is "
    "invalid."
)
FAILS_WITH = (
    "an invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid "
    "ARN and try again."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        for use in secret_uses(stack, task):
            what = fault(stack, use)
            if what is not None:
                yield rule.finding(
                    use.owner,
                    f"Secret {use.title} {what}.",
                    span=use.span,
                    phase=Phase.START,
                    subject=use.named,
                    fails_with=FAILS_WITH if _is_of_secrets_manager(use) else "",
                    fix=Fix(
                        "Write the secret's ARN, or ARN:json-key:version-stage:version-id with "
                        "every colon.",
                        'valueFrom = "${SECRET_ARN}:password::"',
                        draft=_draft(use),
                    ),
                )

        for container in task.containers:
            what = credentials_fault(container.registry_credentials)
            if what is not None:
                name = shown_value(container.name)
                yield rule.finding(
                    task,
                    f"The registry secret of container '{name}' {what}.",
                    span=container.registry_credentials.span,
                    phase=Phase.DEPLOY,
                    subject=f"registry credentials of {name}",
                    fails_with=CREDENTIALS_FAIL_WITH.format(name=name),
                    fix=Fix(
                        "Write the secret's ARN.",
                        draft=unwrapping(container.registry_credentials.span),
                    ),
                )


def _is_of_secrets_manager(use: SecretUse) -> bool:
    """Parameters whose ARN is misshapen are refused otherwise."""
    target = use.target
    is_parameter = not isinstance(target, Unknown) and target.store is Store.PARAMETER_STORE
    return not is_parameter or misshapen(use.value) is None


def _draft(use: SecretUse) -> Draft | None:
    """The colons that are missing; the ARN instead of the name."""
    if isinstance(use.target, Unknown):
        return None
    if misshapen(use.value) is not None:
        return unwrapping(use.span)
    if use.target.store is not Store.SECRETS_MANAGER:
        return settings.attribute(use.span, "name", "arn")
    missing = 3 - len(use.target.tail)
    stage, version = use.target.tail[1:] if missing == 0 else (None, None)
    if stage is not None and version is not None and literal(stage) and literal(version):
        return settings.rewording(use.value, f":{literal(stage)}:", "::", safe=False)
    return settings.appending(use.span, ":" * missing) if 0 < missing < 3 else None


def fault(stack: Stack, use: SecretUse) -> str | None:
    """What is wrong with the form of a reference, as it follows the secret's name; None if
    nothing."""
    target, value = use.target, use.value
    if isinstance(target, Unknown):
        return None
    misshape = misshapen(value)
    if misshape is not None:
        return misshape
    if target.store is Store.SECRETS_MANAGER:
        if any(literal(part) is None for part in target.tail):
            return None
        if len(target.tail) not in (0, 3):
            return (
                f"has {len(target.tail)} field{'s' * (len(target.tail) > 1)} after the secret's "
                "ARN, "
                "where none or all three of json-key, version-stage and version-id belong"
            )
        if target.tail and literal(target.tail[1]) and literal(target.tail[2]):
            return "names both a version stage and a version id, which exclude each other"
        return None
    if isinstance(value, Reference) and isinstance(stack.find(StoredSecret, value), StoredSecret):
        return f"names secret '{value.address}' by name, which ECS looks up in Parameter Store"
    if _is_name_with_colons(expanded(value)):
        return f"is neither an ARN nor a parameter's name: '{shown_value(value)}'"
    return None


def _is_name_with_colons(wanted: Value) -> bool:
    return (
        isinstance(wanted, (Known, Text))
        and len(fields(wanted)) > 1
        and literal(fields(wanted)[0]) not in (None, "arn")
    )


RULE = Rule("ECS612", "malformed-secret-reference", (Severity.ERROR,), __doc__, check)
