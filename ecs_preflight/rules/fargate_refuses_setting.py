"""The task definition has a setting that ECS or Fargate refuses.

What it finds
    On Fargate: ``privileged``, a Docker volume, a log driver other than awslogs, splunk and
    awsfirelens, awslogs without a stream prefix, the host's process or IPC namespace. Anywhere:
    awslogs without a group (an error) or Region (a warning).

Why it matters
    The task definition cannot be registered, or the service not be created.

Fix
    Leave the setting out, or run the task on EC2.

When it stays silent
    The launch type or the setting is not known. What cfn-lint reports by itself is left to it
    there.

References
    fargate-tasks-services, API_LogConfiguration
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.rule import Rule
from ..model import Container, Stack, TaskDefinition, runs_on_fargate
from ..symbolic.answers import No, Yes, is_absent, truth
from ..symbolic.values import ABSENT, Entries, Value, literal, shown_value

DRIVERS = ("awslogs", "splunk", "awsfirelens")
Fault = tuple[Value, str, str, Severity]


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.task_definitions:
        fargate = isinstance(runs_on_fargate(stack, task), Yes)
        faults = [
            *(_task_faults(task) if fargate else ()),
            *(f for c in task.containers for f in _log_faults(c, fargate)),
            *(f for c in task.containers for f in (_container_faults(c) if fargate else ())),
        ]
        for value, what, fails_with, severity in faults:
            yield rule.finding(
                task,
                f"{what}.",
                span=value.span,
                phase=Phase.DEPLOY,
                subject=what,
                severity=severity,
                fails_with=fails_with,
                fix=Fix("Leave the setting out, or run the task on EC2.")
                if fargate
                else Fix("Write the option."),
            )


def _task_faults(task: TaskDefinition) -> Iterator[Fault]:
    for volume in task.volumes:
        if isinstance(is_absent(volume.docker), No):
            yield (
                volume.docker,
                f"Volume '{shown_value(volume.name)}' is a Docker volume, which Fargate "
                "does not support",
                "ClientException: Fargate compatible task definitions do not "
                "support dockerVolumeConfiguration",
                Severity.ERROR,
            )
    for value, name in ((task.pid_mode, "process"), (task.ipc_mode, "IPC")):
        if literal(value) == "host":
            yield (
                value,
                f"Task definition '{task.address}' uses the host's {name} namespace, which "
                "Fargate does not support",
                "",
                Severity.ERROR,
            )


def _container_faults(container: Container) -> Iterator[Fault]:
    name = shown_value(container.name)
    if isinstance(truth(container.privileged), Yes):
        yield (
            container.privileged,
            f"Container '{name}' is privileged, which Fargate does not support",
            "ClientException: Fargate requires that the 'privileged' setting be 'false'",
            Severity.ERROR,
        )
    driver = literal(container.log.driver)
    if driver is not None and driver not in DRIVERS:
        yield (
            container.log.driver,
            f"Container '{name}' uses log driver '{driver}', which Fargate does not support",
            "",
            Severity.ERROR,
        )


def _log_faults(container: Container, fargate: bool) -> Iterator[Fault]:
    log, name = container.log, shown_value(container.name)
    if (
        literal(log.driver) != "awslogs"
        or not isinstance(log.options, Entries)
        or log.options.remainder is not None
    ):
        return
    if log.option("awslogs-group") == ABSENT:
        yield (
            log.driver,
            f"Container '{name}' uses awslogs without a log group",
            "ClientException: Log driver awslogs requires options: awslogs-group",
            Severity.ERROR,
        )
    if log.option("awslogs-region") == ABSENT:
        yield (
            log.driver,
            f"Container '{name}' uses awslogs without a Region",
            "ClientException: Log driver awslogs requires options: awslogs-region",
            Severity.WARNING,
        )
    if fargate and log.option("awslogs-stream-prefix") == ABSENT:
        yield (
            log.driver,
            f"Container '{name}' uses awslogs on Fargate without a stream prefix",
            "ClientException: Fargate requires log configuration options to include "
            "awslogs-stream-prefix to support log driver awslogs.",
            Severity.ERROR,
        )


RULE = Rule("ECS807", "fargate-refuses-setting", (Severity.ERROR, Severity.WARNING), __doc__, check)
