"""The execution role may not read a file or credential that the agent needs to set the task up.

What it finds
    A FireLens configuration in S3, a gMSA credential specification in S3 or Parameter Store, or the
    credentials of an FSx for Windows volume, which the execution role may not read. A FireLens
    configuration of type s3 on Fargate, which knows only files.

Why it matters
    The agent fetches them with the execution role before the containers start.

Fix
    Allow ``s3:GetObject`` on the object, ``ssm:GetParameters`` on the parameter, or
    ``secretsmanager:GetSecretValue`` on the secret; for FSx also ``fsx:DescribeFileSystems`` on
    ``*``.

When it stays silent
    The reference, the role or the launch type is not known. What can be no file's ARN is another
    rule's (ECS816).

References
    firelens-taskdef, linux-gmsa, wfsx-volumes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.arn_forms import file_fault
from ..ecs.log_routers import s3_configuration
from ..ecs.secret_references import SecretReference, Store, fields, reference, rejoined
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.needs import Demand, Need, demands
from ..findings.rule import Rule
from ..model import Principal, Stack, TaskDefinition, runs_on_fargate
from ..symbolic.answers import Yes
from ..symbolic.values import Known, Text, Value, expanded, literal, shown_value
from ._needs import check_needs

READ = {
    Store.SECRETS_MANAGER: "secretsmanager:GetSecretValue",
    Store.PARAMETER_STORE: "ssm:GetParameters",
}


def needs(stack: Stack) -> Iterator[Need]:
    for task in stack.task_definitions:
        for container in task.containers:
            name = shown_value(container.name)
            config = s3_configuration(container)
            if (
                config is not None
                and file_fault(config) is None
                and not isinstance(runs_on_fargate(stack, task), Yes)
            ):
                yield _need(
                    task,
                    demands(["s3:GetObject"], config),
                    config,
                    f"read the FireLens configuration of container '{name}'",
                )
            for spec in container.credential_specs:
                yield from _credential_spec(stack, task, spec, name)
        for volume in task.volumes:
            if volume.fsx is not None:
                found = reference(stack, volume.fsx.credentials)
                wanted = (
                    Demand("fsx:DescribeFileSystems", Known("*")),
                    *(
                        demands([READ[found.store]], found.arn)
                        if isinstance(found, SecretReference)
                        else ()
                    ),
                )
                yield _need(
                    task,
                    wanted,
                    volume.fsx.credentials,
                    f"mount FSx volume '{shown_value(volume.name)}'",
                )


def _credential_spec(stack: Stack, task: TaskDefinition, spec: Value, name: str) -> Iterator[Need]:
    wanted = expanded(spec)
    parts = fields(wanted) if isinstance(wanted, (Known, Text)) else ()
    if len(parts) < 4 or not str(literal(parts[0])).startswith("credentialspec"):
        return
    arn = rejoined(parts[1:])
    action = {"s3": "s3:GetObject", "ssm": "ssm:GetParameters"}.get(literal(parts[3]) or "")
    if action:
        yield _need(
            task,
            demands([action], arn),
            spec,
            f"read the credential specification of container '{name}'",
        )


def _need(task: TaskDefinition, wanted: tuple[Demand, ...], because: Value, purpose: str) -> Need:
    return Need(
        owner=task,
        task=task,
        principal=Principal.EXECUTION,
        role=task.execution_role,
        demands=wanted,
        because=because.span,
        origin=because,
        purpose=purpose,
        phase=Phase.START,
        subject=because,
    )


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        for container in task.containers:
            config = s3_configuration(container)
            if config is not None and isinstance(runs_on_fargate(stack, task), Yes):
                yield rule.finding(
                    task,
                    f"Container '{shown_value(container.name)}' takes its FireLens configuration "
                    "from S3, which Fargate does not support.",
                    span=config.span,
                    phase=Phase.DEPLOY,
                    subject=config,
                    fix=Fix(
                        "Put the file into the image and use config-file-type 'file', or use the "
                        "aws-for-fluent-bit init image."
                    ),
                )
    yield from check_needs(rule, stack)


RULE = Rule("ECS613", "agent-file-not-readable", (Severity.ERROR,), __doc__, check, needs)
