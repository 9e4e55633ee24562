"""What RegisterTaskDefinition refuses for the value alone: names, and numbers out of their range
(facts Q1, Q3 to Q5)."""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.fields import field
from ..findings.finding import Severity
from ..findings.fixing import settings as fixing
from ..model import Container, TaskDefinition, lists
from ..symbolic.alike import nearest
from ..symbolic.answers import Yes
from ..symbolic.patterns import regex
from ..symbolic.placeholders import is_filled_in
from ..symbolic.strings import pieces
from ..symbolic.values import Entries, Items, Known, literal
from .settings import CLIENT, SettingFault, is_given, number, setting, title

_NAME = regex(r"[A-Za-z0-9_-]+")
#: What stands for a value that something fills in before the code is read by AWS.
_TO_FILL_IN = regex(r"[][(){}<>$%@#*]|__")
#: The types of task definitions in code, which is mostly deployed as it is written.
_OF_CODE = ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition")
ULIMITS = (
    *("core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice"),
    *("nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"),
)
#: The parts of a health check, what people call them, and the least and the most of each.
RANGES = (
    ("interval", "interval", 5, 300),
    ("timeout", "timeout", 2, 60),
    ("retries", "number of retries", 1, 10),
    ("startPeriod", "start period", 0, 300),
)


def of_values(task: TaskDefinition) -> Iterator[SettingFault]:
    """Every value that is none of those which ECS takes."""
    yield from _roles(task)
    yield from _constraints(task)
    for container in task.containers:
        yield from _name(container)
        yield from _ulimits(container)
        yield from _health(container)


def _roles(task: TaskDefinition) -> Iterator[SettingFault]:
    """A role's ARN in which the account is to be filled in. A warning, for something may do so
    before the code is read, as a template engine surely does."""
    for role in (task.execution_role, task.task_role):
        fields = pieces.arn_parts(role) if isinstance(role, Known) else None
        account = "" if fields is None else literal(fields[pieces.ACCOUNT]) or ""
        is_left = is_filled_in(account) and not any(mark in account for mark in "{%$")
        if is_left and task.type in _OF_CODE and isinstance(role, Known) and role.origin is None:
            yield SettingFault(
                role.span,
                f"Task definition '{task.address}' names a role whose account is '{account}', "
                "which is to be filled in",
                f"{CLIENT}Role is not valid"
                if "::" in task.type
                else f'"{literal(role)}" is an invalid ARN: invalid account ID value',
                "Write the account's 12 digits.",
                Severity.WARNING,
            )


def _constraints(task: TaskDefinition) -> Iterator[SettingFault]:
    """Of a task for Fargate it is said that it takes none at all (ECS807)."""
    if isinstance(lists(task.compatibilities, "FARGATE"), Yes):
        return
    for constraint in task.placement_constraints:
        kind = field(constraint, "Type")
        if literal(kind) == "distinctInstance":
            yield SettingFault(
                kind.span,
                f"Task definition '{task.address}' has a placement constraint of type "
                "'distinctInstance', which services and tasks alone take",
                f"{CLIENT}constraint.type 'distinctInstance' is not supported.",
                "Write it in the service, or leave it out.",
                draft=fixing.removing_whole(constraint.span),
            )


def _name(container: Container) -> Iterator[SettingFault]:
    name = literal(container.name)
    if name and not _NAME.fullmatch(name) and not _TO_FILL_IN.search(name):
        yield SettingFault(
            container.name.span,
            f"{title(container)} has a name with other characters than letters, digits, hyphens "
            "and underscores",
            f"{CLIENT}Container.name contains invalid characters.",
            "Give it a name of those, wherever it is named.",
        )


def _ulimits(container: Container) -> Iterator[SettingFault]:
    listed = setting(container, "ulimits")
    for item in listed if isinstance(listed, Items) else ():
        written = field(item, "name")
        name = literal(written)
        if name and name.lower() not in ULIMITS and not _TO_FILL_IN.search(name):
            meant = nearest(name.lower(), ULIMITS, 0.75)
            yield SettingFault(
                written.span,
                f"{title(container)} sets ulimit '{name}', which there is not",
                f"{CLIENT}Unrecognized ulimit name {name}",
                f"Write '{meant}'." if meant else f"It is one of {', '.join(ULIMITS)}.",
                draft=fixing.replacing(written, meant) if meant else None,
            )


def _health(container: Container) -> Iterator[SettingFault]:
    """A 0 may stand for the default: nothing is said of it."""
    check = container.health_check
    if not isinstance(check, Entries) or not is_given(field(check, "command")):
        return
    for part, called, least, most in RANGES:
        written = field(check, part)
        value = number(written)
        if value and not least <= value <= most:
            bound = least if value < least else most
            yield SettingFault(
                written.span,
                f"{title(container)} has a health check whose {called} is {value}, and ECS takes "
                f"{least} to {most}",
                "",
                f"Write {bound}, or leave it out.",
                draft=fixing.setting(written.span, str(bound)),
            )
