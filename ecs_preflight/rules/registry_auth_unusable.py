"""A task logs in to its registry in a way that has no effect.

What it finds
    ``ECS_ENGINE_AUTH_TYPE``, ``ECS_ENGINE_AUTH_DATA`` or a Docker credential helper in the
    environment of a Fargate task; ``repositoryCredentials`` on a private ECR image.

Why it matters
    The image is pulled by the agent, not by Docker in the container. On Fargate only
    ``repositoryCredentials`` log in to a registry that is not AWS's; on ECR images they do not
    apply.

Fix
    Use ``repositoryCredentials`` with a secret for other registries, and the execution role for
    ECR.

When it stays silent
    The image or the launch type is not known; variables on EC2, which configure the agent
    elsewhere.

References
    private-auth, task_execution_IAM_role
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.images import EcrImage, registry_of
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack, runs_on_fargate
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.values import join, literal, shown_value

VARIABLES = ("ECS_ENGINE_AUTH_TYPE", "ECS_ENGINE_AUTH_DATA", "DOCKER_AUTH_CONFIG")


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        fargate = isinstance(runs_on_fargate(stack, task), Yes)
        for container in task.containers:
            name, credentials = shown_value(container.name), container.registry_credentials
            for variable in container.environment if fargate else ():
                if literal(variable.name) in VARIABLES:
                    yield rule.finding(
                        task,
                        f"'{literal(variable.name)}' in container '{name}' does not log in to any "
                        "registry on Fargate.",
                        span=variable.span,
                        phase=Phase.START,
                        subject=join(container.name, " ", variable.name),
                        fix=Fix(
                            "Use repositoryCredentials, and leave the variable out.",
                            draft=settings.removing_whole(variable.span),
                        ),
                    )
            if isinstance(is_absent(credentials), No) and isinstance(
                registry_of(stack, container.image), EcrImage
            ):
                yield rule.finding(
                    task,
                    f"Container '{name}' has registry credentials for an ECR image, to which they "
                    "do not apply.",
                    span=credentials.span,
                    phase=Phase.START,
                    subject=container.name,
                    fix=Fix(
                        "Leave repositoryCredentials out; the execution role logs in to ECR.",
                        draft=settings.removing_whole(credentials.span),
                    ),
                )


RULE = Rule("ECS803", "registry-auth-unusable", (Severity.WARNING,), __doc__, check)
