"""The execution role may not read the credentials of a private registry.

What it finds
    A container takes ``repositoryCredentials``, and the execution role is not allowed
    ``secretsmanager:GetSecretValue`` on that secret.

Why it matters
    The agent logs in to the registry with the secret before it pulls the image.

Fix
    Allow the action on the secret, ending a hand-written ARN with ``-??????``.

When it stays silent
    The secret's own policy grants the role; it is not known whether there are credentials, or which
    secret holds them where the role may read some; the role is not fully known. On an ECR image the
    credentials are not used at all (ECS803).

References
    private-auth
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.arn_forms import credentials_fault
from ..ecs.secret_references import secret_by_name_or_arn
from ..ecs.unknown_parts import needs_credentials, unknown_registry_credentials
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Principal, Stack
from ..symbolic.answers import No, is_absent
from ..symbolic.values import shown_value
from ._messages import RETRIEVAL_FAILED
from ._needs import check_needs, check_possible

FAILS_WITH = RETRIEVAL_FAILED + (
    "unable to get registry auth from asm: service call has been "
    "retried 5 time(s): asm fetching secret from the service"
)


def needs(stack: Stack) -> Iterator[Need]:
    for task in stack.task_definitions:
        for container in task.containers:
            credentials = container.registry_credentials
            if not isinstance(is_absent(credentials), No) or not needs_credentials(
                stack, container
            ):
                continue
            if credentials_fault(credentials) is not None:
                continue
            secret = secret_by_name_or_arn(stack, credentials)
            name = shown_value(container.name)
            yield Need(
                owner=task,
                task=task,
                principal=Principal.EXECUTION,
                role=task.execution_role,
                demands=demands(["secretsmanager:GetSecretValue"], secret),
                because=credentials.span,
                origin=credentials,
                phase=Phase.START,
                subject=secret,
                purpose=f"read the registry credentials of container '{name}'",
                fails_with=FAILS_WITH,
            )


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from check_possible(
        rule, stack, unknown_registry_credentials(stack), ["secretsmanager:GetSecretValue"]
    )
    yield from check_needs(rule, stack)


RULE = Rule("ECS608", "registry-credentials-not-readable", (Severity.ERROR,), __doc__, check, needs)
