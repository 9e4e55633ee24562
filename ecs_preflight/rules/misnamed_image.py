"""An image has a name that is none, or names a repository without its registry.

What it finds
    An image that is an ARN, has a scheme or a blank in its name, or capital letters before its tag;
    the name of an ECR repository of the stack where its registry belongs before it (a note where
    the name is a literal text, which an image of Docker Hub may have too).

Why it matters
    The image cannot be pulled, and the task does not start: a name without a registry is looked for
    in Docker Hub.

Fix
    Write the repository's URL and a tag: ``ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG``.

When it stays silent
    The beginning of the name is not known.

References
    API_ContainerDefinition, task_cannot_pull_image
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.images import hub_name_of_own, misnamed
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Stack, addresses
from ..symbolic.values import shown_value

INVALID = "CannotPullContainerError: invalid reference format"
NO_ACCESS = (
    "CannotPullContainerError: pull access denied, repository does not exist or may require "
    "authorization"
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.task_definitions:
        for container in task.containers:
            image, name = container.image, shown_value(container.name)
            wrong, own = misnamed(image), hub_name_of_own(stack, image)
            if wrong is None and own is None:
                continue
            where = f"Image '{shown_value(image)}' of container '{name}'"
            named = own is not None and own.address in addresses(image)
            yield rule.finding(
                task,
                f"{where} {wrong}."
                if wrong or own is None
                else f"{where} is looked for in Docker Hub: it names repository '{own.address}' "
                "without its registry.",
                span=image.span,
                phase=Phase.START,
                subject=name,
                severity=Severity.ERROR if wrong or named else Severity.NOTE,
                fails_with=INVALID if wrong else NO_ACCESS,
                fix=Fix.of(
                    stack,
                    "Write the repository's URL and a tag.",
                    'image = "${aws_ecr_repository.app.repository_url}:TAG"',
                    "Image: !Sub ${Repository.RepositoryUri}:TAG",
                ),
            )


RULE = Rule("ECS617", "misnamed-image", (Severity.ERROR, Severity.NOTE), __doc__, check)
