"""Roles for task definitions that have none of their own, beside them and in their form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from ...model import Role, Stack, TaskDefinition
from ...symbolic.answers import Yes, is_absent
from ...symbolic.source import Span
from ...symbolic.values import Value
from ..finding import Draft, Edit, Fix
from ..needs import Demand, Need
from ..sources import FileText, Form, Sources
from ..wording import home_of
from .attaching import allowed_by_managed
from .edits import with_edits
from .expressions import Inserted, brought
from .insertions import argument_at, argument_edit
from .needed import statements_for
from .new_roles import HEAD, NewRole, json_role, label_of, terraform_role, yaml_role
from .passing import passed_too
from .places import Place, texts
from .policies import AGENT_POLICY
from .statements import NewStatement

#: What a new role is called where it is needed, and the edits that make and name it.
_Made = tuple[Inserted, list[Edit]]

_EXECUTION = NewRole(
    "execution_role_arn", "ExecutionRoleArn", "_execution", "ExecutionRole", AGENT_POLICY
)
_TASK = NewRole("task_role_arn", "TaskRoleArn", "_task", "TaskRole")


def execution_role(stack: Stack, task: TaskDefinition, needs: Iterable[Need]) -> Draft:
    """A role that ECS tasks may assume, with AWS's policy for it and one for what else of ``needs``
    is the task's, and its name in the task definition, in place of the one that is there."""
    return _drafted(stack, task, _EXECUTION, task.execution_role, needs)


def task_role(stack: Stack, task: TaskDefinition, needs: Iterable[Need]) -> Draft:
    """A role that ECS tasks may assume, and its name in the task definition, as for
    ``execution_role``."""
    return _drafted(stack, task, _TASK, task.task_role, needs)


def _drafted(
    stack: Stack, task: TaskDefinition, use: NewRole, present: Value, needs: Iterable[Need]
) -> Draft:
    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(task.span)
        if source is None:
            return None
        span = None if isinstance(is_absent(present), Yes) else present.span
        if span is not None and not _stands_in(source, span, task.span, use):
            span = _block_of(source, span, task.span, use) or _shared(source, task.span, use)
            if span is None:
                return None
        if span is None and re.search(
            rf"^[ \t{{,\"']*({use.argument}|{use.property})\b[\"']?\s*[=:]",
            source.slice(task.span),
            re.M,
        ):
            return None  # it is written, and comes to nothing
        place = Place.beside(stack, sources, source.file, task.address)
        statements = _lacking(place, task, use, needs)
        if statements is None:
            if span is not None:
                return None  # the role that is there may allow it
            statements = []
        form = source.form(source.start(task.span))
        if form is Form.HCL and task.type == "aws_ecs_task_definition":
            made = _terraform(place, source, task, use, span, statements)
        elif form is Form.YAML and task.type == "AWS::ECS::TaskDefinition":
            made = _yaml(source, task, use, span, statements)
        elif form is Form.CFN_JSON and task.type == "AWS::ECS::TaskDefinition":
            made = _json(source, task, use, span, statements)
        else:
            return None
        if made is None:
            return None
        name, edits = made
        more = brought(name for each in statements for name in each.resources)
        used = [stack.role_of(role) for role in (task.execution_role, task.task_role)]
        roles = [role for role in used if isinstance(role, Role)]
        passed = passed_too(place, sources, roles, (name,))
        return with_edits(fix, [*edits, *more, *passed])

    return draft


def _lacking(
    place: Place, task: TaskDefinition, use: NewRole, needs: Iterable[Need]
) -> list[NewStatement] | None:
    """What the task needs that AWS's policy for the role does not allow. None where it cannot be
    written; nothing where the block is made several times over, each time with other needs."""
    if task.address.endswith("]"):
        return []
    origins: dict[Value, Value] = {}
    demands: dict[Demand, None] = {}
    for need in needs:
        if need.doubt is not None or need.task is None or need.task.address != task.address:
            continue
        for demand in need.demands:
            if not (use.policy and allowed_by_managed(use.policy, demand.action)):
                demands[demand] = None
                origins.setdefault(demand.resource, need.origin)
    return statements_for(place, demands, origins.__getitem__)


def _stands_in(source: FileText, value: Span, block: Span, use: NewRole) -> bool:
    """Is the value written in the block itself, on one line behind its key, and no choice?"""
    if value.file != source.file or re.search(r"\n|\?|!If", source.slice(value)):
        return False
    start = source.start(value)
    line = source.text[source.line_start(start) : start]
    inside = source.start(block) < start < source.end(block)
    return inside and bool(re.search(rf"\b({use.argument}|{use.property})\W*[=:]\s*$", line))


def _block_of(source: FileText, value: Span, block: Span, use: NewRole) -> Span | None:
    """The value, where it is a mapping of YAML on lines below its key; as far as the key's."""
    start, end = source.start(value), source.end(value)
    head = source.ending(re.compile(rf"^( +){use.property}:[ \t]*\n\1 +$", re.M), start)
    if value.file != source.file or head is None or head.start() < source.start(block):
        return None
    key = source.text.index(":", head.start()) + 1
    margin = source.text[head.start() : head.end()].rpartition("\n")[2]
    lines = source.text[key : source.line_end(end)].split("\n")[1:]
    inside = all(line.startswith(margin) for line in lines if line.strip())
    return source.span(key, source.line_end(end)) if inside else None


def _shared(source: FileText, block: Span, use: NewRole) -> Span | None:
    """The input that the task definition itself names for both of its roles, where it does."""
    other = _EXECUTION if use is _TASK else _TASK
    places = [argument_at(source, block, each.argument) for each in (use, other)]
    texts = {source.slice(place) if place else "" for place in places}
    is_one = len(texts) == 1 and re.fullmatch(r"var\.[\w-]+", next(iter(texts)))
    return places[0] if is_one else None


def _terraform(
    place: Place,
    source: FileText,
    task: TaskDefinition,
    use: NewRole,
    present: Span | None,
    statements: Sequence[NewStatement],
) -> _Made | None:
    head = HEAD.match(source.slice(task.span))
    if head is None:
        return None
    label, is_there = _chosen(place, task, use, present, head[1] + use.suffix)
    name = Inserted(f"aws_iam_role.{label}.arn")
    named = _named(source, task, use, present, name.text)
    if is_there:
        return (name, [named]) if named else None
    role = terraform_role(place, source, task.span, use, label, statements)
    return (name, [named, role]) if named and role else None


#: What an execution role for several tasks is called.
_COMMON = "ecs_execution"


def _chosen(
    place: Place, task: TaskDefinition, use: NewRole, present: Span | None, own: str
) -> tuple[str, bool]:
    """What the role is called, and whether it is there: tasks of a module that have one task role,
    and had it for both uses, get one execution role, too."""
    stack, home = place.stack, place.home
    if use is not _EXECUTION or present is None:
        return own, False
    role = stack.role_of(task.task_role)
    alike = [
        used.address if isinstance(used := stack.role_of(other.execution_role), Role) else ""
        for other in filter(stack.owns, stack.task_definitions)
        if other.address != task.address
        and home_of(stack, other.address) == home
        and stack.role_of(other.task_role) == role
    ]
    if f"{home}aws_iam_role.{_COMMON}" in alike:
        return _COMMON, True
    is_written = any(f'"aws_iam_role" "{_COMMON}"' in text for text in texts(place))
    shares = isinstance(role, Role) and role.address in alike
    return (_COMMON if shares and not is_written else own), False


def _named(
    source: FileText, task: TaskDefinition, use: NewRole, present: Span | None, name: str
) -> Edit | None:
    """The role's name in the task definition, beside that of its other role."""
    if present:
        below = source.text[source.start(present) - 1] == ":"  # the value of a key above it
        return Edit(present, f" {name}" if below else name)
    other = _EXECUTION if use is _TASK else _TASK
    behind = argument_at(source, task.span, other.argument, other.property)
    return argument_edit(source, task.span, (use.argument, use.property), name, behind)


def _yaml(
    source: FileText,
    task: TaskDefinition,
    use: NewRole,
    present: Span | None,
    statements: Sequence[NewStatement],
) -> _Made | None:
    label = label_of(task, use)
    named = _named(source, task, use, present, f"!GetAtt {label}.Arn")
    role = yaml_role(source, task.span, use, label, statements)
    return (Inserted(f"{label}.Arn"), [named, role]) if named and role else None


def _json(
    source: FileText,
    task: TaskDefinition,
    use: NewRole,
    present: Span | None,
    statements: Sequence[NewStatement],
) -> _Made | None:
    label = label_of(task, use)
    named = _named(source, task, use, present, json.dumps({"Fn::GetAtt": [label, "Arn"]}))
    role = json_role(source, task.span, use, label, statements)
    return (Inserted(f"{label}.Arn"), [named, role]) if named and role else None
