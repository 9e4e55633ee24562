"""Roles for task definitions that have none of their own, beside them and in their form."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Sequence

from ...model import Role, Stack, TaskDefinition
from ...symbolic.answers import Yes, is_absent
from ...symbolic.records import dataclass
from ...symbolic.source import Span
from ...symbolic.values import Value
from ..finding import Draft, Edit, Fix
from ..needs import Demand, Need
from ..sources import FileText, Form, Sources
from ..wording import home_of
from .attaching import allowed_by_managed
from .edits import all_of, with_edits
from .expressions import brought
from .insertions import argument_at, argument_edit, block_behind
from .needed import statements_for
from .places import Place, partition, texts
from .policies import AGENT_POLICY, json_policy, policy_block, yaml_policies
from .statements import NewStatement, object_text


@dataclass(frozen=True)
class _Use:
    """What a task definition has a role for: its argument in either language, what a role for it is
    called, and AWS's policy for it."""

    argument: str
    property: str
    suffix: str
    name: str
    policy: str = ""


_EXECUTION = _Use(
    "execution_role_arn", "ExecutionRoleArn", "_execution", "ExecutionRole", AGENT_POLICY
)
_TASK = _Use("task_role_arn", "TaskRoleArn", "_task", "TaskRole")

_TERRAFORM = """\
resource "aws_iam_role" "{label}" {{
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = {{ Service = "ecs-tasks.amazonaws.com" }}
      }},
    ]
  }})
}}"""
_ATTACHMENT = """

resource "aws_iam_role_policy_attachment" "{label}" {{
  role       = aws_iam_role.{label}.name
  policy_arn = "arn:{partition}:iam::aws:policy/{policy}"
}}"""
_TEMPLATE: dict[str, object] = {
    "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    },
}
_YAML = """\
{label}:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal:
            Service: ecs-tasks.amazonaws.com
          Action: sts:AssumeRole"""
_YAML_POLICIES = """
    ManagedPolicyArns:
      - !Sub arn:${{AWS::Partition}}:iam::aws:policy/{policy}"""


def execution_role(stack: Stack, task: TaskDefinition, needs: Iterable[Need]) -> Draft:
    """A role that ECS tasks may assume, with AWS's policy for it and one for what else of ``needs``
    is the task's, and its name in the task definition, in place of the one that is there."""
    return _drafted(stack, task, _EXECUTION, task.execution_role, needs)


def task_role(stack: Stack, task: TaskDefinition, needs: Iterable[Need]) -> Draft:
    """A role that ECS tasks may assume, and its name in the task definition, as for
    ``execution_role``."""
    return _drafted(stack, task, _TASK, task.task_role, needs)


def _drafted(
    stack: Stack, task: TaskDefinition, use: _Use, present: Value, needs: Iterable[Need]
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
            edits = _terraform(place, source, task, use, span, statements)
        elif form is Form.YAML and task.type == "AWS::ECS::TaskDefinition":
            edits = _yaml(source, task, use, span, statements)
        elif form is Form.CFN_JSON and task.type == "AWS::ECS::TaskDefinition":
            edits = _json(source, task, use, span, statements)
        else:
            return None
        more = brought(name for each in statements for name in each.resources)
        return with_edits(fix, [*edits, *more] if edits else None)

    return draft


def _lacking(
    place: Place, task: TaskDefinition, use: _Use, needs: Iterable[Need]
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


def _stands_in(source: FileText, value: Span, block: Span, use: _Use) -> bool:
    """Is the value written in the block itself, on one line behind its key, and no choice?"""
    if value.file != source.file or re.search(r"\n|\?|!If", source.slice(value)):
        return False
    start = source.start(value)
    line = source.text[source.line_start(start) : start]
    inside = source.start(block) < start < source.end(block)
    return inside and bool(re.search(rf"\b({use.argument}|{use.property})\W*[=:]\s*$", line))


def _block_of(source: FileText, value: Span, block: Span, use: _Use) -> Span | None:
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


def _shared(source: FileText, block: Span, use: _Use) -> Span | None:
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
    use: _Use,
    present: Span | None,
    statements: Sequence[NewStatement],
) -> list[Edit] | None:
    head = re.match(r'resource\s+"\w+"\s+"([\w-]+)"\s*\{', source.slice(task.span))
    if head is None:
        return None
    label, is_there = _chosen(place, task, use, present, head[1] + use.suffix)
    named = _named(source, task, use, present, f"aws_iam_role.{label}.arn")
    if is_there:
        return [named] if named else None
    if any(f'"aws_iam_role" "{label}"' in text for text in texts(place)):
        return None
    bodies = all_of(object_text(Form.HCL, each, "      ") for each in statements)
    if bodies is None:
        return None
    end = source.end(task.span)
    text = _TERRAFORM.format(label=label)
    if use.policy:
        text += _ATTACHMENT.format(label=label, policy=use.policy, partition=partition(place))
    if bodies:
        text += "\n\n" + policy_block(label, f"aws_iam_role.{label}", bodies)
    return [named, block_behind(source, end, text)] if named else None


#: What an execution role for several tasks is called.
_COMMON = "ecs_execution"


def _chosen(
    place: Place, task: TaskDefinition, use: _Use, present: Span | None, own: str
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
    source: FileText, task: TaskDefinition, use: _Use, present: Span | None, name: str
) -> Edit | None:
    """The role's name in the task definition, beside that of its other role."""
    if present:
        below = source.text[source.start(present) - 1] == ":"  # the value of a key above it
        return Edit(present, f" {name}" if below else name)
    other = _EXECUTION if use is _TASK else _TASK
    behind = argument_at(source, task.span, other.argument, other.property)
    return argument_edit(source, task.span, (use.argument, use.property), name, behind)


def _label(task: TaskDefinition, use: _Use) -> str:
    return task.address.rpartition(".")[2] + use.name


def _yaml(
    source: FileText,
    task: TaskDefinition,
    use: _Use,
    present: Span | None,
    statements: Sequence[NewStatement],
) -> list[Edit] | None:
    label = _label(task, use)
    if re.search(rf"^[ \t]*{label}:", source.text, re.M):
        return None
    named = _named(source, task, use, present, f"!GetAtt {label}.Arn")
    margin = source.indent(source.start(task.span))
    body = _YAML + (_YAML_POLICIES if use.policy else "")
    lines = body.format(label=label, policy=use.policy).split("\n")
    if statements:
        lines += "\n".join(yaml_policies("    ", statements)).split("\n")
    role = "\n".join(margin + line for line in lines)
    return [named, block_behind(source, source.end(task.span), role)] if named else None


def _json(
    source: FileText,
    task: TaskDefinition,
    use: _Use,
    present: Span | None,
    statements: Sequence[NewStatement],
) -> list[Edit] | None:
    label = _label(task, use)
    if f'"{label}"' in source.text:
        return None
    name = json.dumps({"Fn::GetAtt": [label, "Arn"]})
    named = _named(source, task, use, present, name)
    properties = copy.deepcopy(_TEMPLATE)
    if use.policy:
        arn = f"arn:${{AWS::Partition}}:iam::aws:policy/{use.policy}"
        properties["ManagedPolicyArns"] = [{"Fn::Sub": arn}]
    if statements:
        properties["Policies"] = [json_policy(statements)]
    margin, end = source.indent(source.start(task.span)), source.end(task.span)
    role = json.dumps({"Type": "AWS::IAM::Role", "Properties": properties}, indent=2)
    role = role.replace("\n", f"\n{margin}")
    return [named, Edit(source.span(end, end), f',\n{margin}"{label}": {role}')] if named else None
