"""The platform version is too old for a setting of the task.

What it finds
    A launch on a literal Fargate platform version below 1.4.0 (Windows: 1.0.0) of a task that takes
    a JSON key or version of a secret (a warning), mounts EFS, reads environment files or asks for
    ephemeral storage.

Why it matters
    The older platform does not know the setting: the task does not start, or not as written. Keys
    of secrets are documented so too; yet public code is known that ran for a year with them on
    1.3.0.

Fix
    Leave the platform version out, or use LATEST.

When it stays silent
    The platform version is LATEST, not written, or not known.

References
    platform-fargate, secrets-envvar-secrets-manager, use-environment-file, efs-volumes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.execs import windows
from ..ecs.platforms import is_below
from ..ecs.secret_references import SecretReference
from ..ecs.task_secrets import secret_uses
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..model import Stack, TaskDefinition
from ..symbolic.answers import No, is_absent
from ..symbolic.values import literal, shown_value


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for launch in stack.launches:
        task, version = stack.task_of(launch), launch.platform_version
        if task is None or not is_below(version, windows(task)):
            continue
        for what, severity in dict(_settings(stack, task)).items():
            yield rule.finding(
                launch,
                f"'{launch.address}' runs on platform version '{literal(version)}', which does not "
                f"know {what} of task definition '{task.address}'.",
                span=version.span,
                phase=Phase.START,
                subject=what,
                severity=severity,
                fix=Fix.of(
                    stack,
                    "Use LATEST.",
                    'platform_version = "LATEST"',
                    "PlatformVersion: LATEST",
                    draft=settings.setting(version.span, "LATEST"),
                ),
                cause=f"platform version of '{launch.address}'",
            )


def _settings(stack: Stack, task: TaskDefinition) -> Iterator[tuple[str, Severity]]:
    for use in secret_uses(stack, task):
        if isinstance(use.target, SecretReference) and any(map(literal, use.target.tail)):
            yield f"the JSON key or version of secret {use.title}", Severity.WARNING
    for container in task.containers:
        if container.environment_files.items:
            name = shown_value(container.name)
            yield f"the environment files of container '{name}'", Severity.ERROR
    for volume in task.volumes:
        if volume.efs is not None:
            yield f"EFS volume '{shown_value(volume.name)}'", Severity.ERROR
    if isinstance(is_absent(task.ephemeral_storage), No):
        yield "the ephemeral storage", Severity.ERROR


RULE = Rule(
    "ECS814", "setting-needs-newer-platform", (Severity.ERROR, Severity.WARNING), __doc__, check
)
