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

from ..ecs.images import EcrImage, registry_of
from ..ecs.secret_references import secret_by_name_or_arn
from ..ecs.unknown_parts import UnknownPart
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Container, Principal, Stack
from ..symbolic.answers import No, is_absent
from ..symbolic.values import Unknown, join, shown_value
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
            if not isinstance(is_absent(credentials), No) or _is_unused(stack, container):
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


def _is_unused(stack: Stack, container: Container) -> bool:
    return isinstance(registry_of(stack, container.image), EcrImage)


def _possible(stack: Stack) -> Iterator[UnknownPart]:
    """Credentials of which it is not known whether they are given."""
    for task in stack.task_definitions:
        for container in task.containers:
            given = container.registry_credentials
            if isinstance(given, Unknown) and not _is_unused(stack, container):
                title = join("the registry credentials of container '", container.name, "'")
                yield UnknownPart(task, title, given, task.execution_role)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from check_possible(rule, stack, _possible(stack), ["secretsmanager:GetSecretValue"])
    yield from check_needs(rule, stack)


RULE = Rule("ECS608", "registry-credentials-not-readable", (Severity.ERROR,), __doc__, check, needs)
