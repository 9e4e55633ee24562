"""The execution role may not import an image that comes through a pull-through cache.

What it finds
    An image lies under the prefix of a pull-through cache rule of the stack, and the execution role
    is not allowed ``ecr:BatchImportUpstreamImage`` on the repository.

Why it matters
    The first pull imports the image from upstream, with the puller's permissions. Until somebody
    else has pulled it once, the task does not start.

Fix
    Allow ``ecr:BatchImportUpstreamImage``, and ``ecr:CreateRepository`` unless the repository
    exists; AmazonEC2ContainerRegistryPullOnly holds the first.

When it stays silent
    The registry's or the repository's policy grants the role. No cache rule is in sight.

References
    pull-through-cache-iam
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.agents import agent_uses_execution_role
from ..ecs.images import EcrImage, registry_of
from ..findings.finding import Phase, Severity
from ..findings.needs import Need, demands
from ..findings.rule import Rule
from ..model import Principal, PullThroughCache, Stack
from ..symbolic.values import literal, shown_value
from ._needs import check_needs


def needs(stack: Stack) -> Iterator[Need]:
    prefixes = [prefix for rule in stack.of(PullThroughCache) if (prefix := literal(rule.prefix))]
    for task in stack.own_tasks:
        for container in task.containers:
            image = registry_of(stack, container.image)
            if isinstance(image, EcrImage) and any(
                shown_value(image.name).startswith(f"{prefix}/") for prefix in prefixes
            ):
                yield Need(
                    owner=task,
                    task=task,
                    principal=Principal.EXECUTION,
                    role=task.execution_role,
                    demands=demands(["ecr:BatchImportUpstreamImage"], image.repository),
                    because=container.image.span,
                    origin=container.image,
                    subject=image.repository,
                    phase=Phase.START,
                    severity=Severity.WARNING,
                    doubt=agent_uses_execution_role(stack, task),
                    purpose=f"import image '{shown_value(container.image)}' on its first pull",
                )


RULE = Rule(
    "ECS611", "pull-through-cache-not-importable", (Severity.WARNING,), __doc__, check_needs, needs
)
