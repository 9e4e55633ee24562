"""The task definition has a setting that ECS or Fargate refuses.

What it finds
    On Fargate: a network mode other than awsvpc, CPU and memory that are missing or no pair of
    Fargate's, ``privileged``, capabilities other than SYS_PTRACE, devices, shared memory, swap,
    Docker security options, a GPU, placement constraints, the host's process or an IPC namespace,
    Docker and FSx volumes, too little or too much ephemeral storage, a trusted execution
    configuration, Windows on ARM64 or with less than a CPU, a log driver other than awslogs,
    splunk and awsfirelens, awslogs without a stream prefix. In the awsvpc network mode, on EC2 too:
    links, extra hosts, DNS servers, a hostname, disabled networking. Anywhere: awslogs without a
    group, or with an empty one (an error), or without a Region (a warning), with an option that it
    does not have, or with ``awslogs-create-group`` written as anything but true; the same for
    Service Connect's proxy.

Why it matters
    The task definition cannot be registered, or the service not be created.

Fix
    Leave the setting out, or run the task on EC2.

When it stays silent
    The launch type or the setting is not known; under cfn-lint what its own rules say.

References
    fargate-tasks-services, task_definition_parameters, API_LogConfiguration
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.fargate_settings import of_awsvpc, of_container, of_log, of_task
from ..ecs.log_sources import sources_of
from ..ecs.settings import reported
from ..findings.finding import AnyOutcome, Severity
from ..findings.rule import Rule
from ..model import Stack, TaskDefinition, lists, runs_on_fargate
from ..symbolic.answers import Yes
from ..symbolic.values import literal


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        fargate = for_fargate(stack, task)
        if fargate:
            yield from reported(rule, task, of_task(task))
        for container in task.containers if fargate else ():
            yield from reported(rule, task, of_container(container))
        for container in task.containers if fargate or is_awsvpc(task) else ():
            yield from reported(rule, task, of_awsvpc(container))
        for source in sources_of(stack, task):
            yield from reported(rule, source.owner, of_log(source, fargate))


def is_awsvpc(task: TaskDefinition) -> bool:
    """Does the task surely have a network interface of its own?"""
    return literal(task.network_mode) == "awsvpc"


def for_fargate(stack: Stack, task: TaskDefinition) -> bool:
    """Must it surely be fit for Fargate: because it says so, or because it is launched there?"""
    named = isinstance(lists(task.compatibilities, "FARGATE"), Yes)
    return named or isinstance(runs_on_fargate(stack, task), Yes)


RULE = Rule("ECS807", "fargate-refuses-setting", (Severity.ERROR, Severity.WARNING), __doc__, check)
