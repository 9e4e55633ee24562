"""Roles for task definitions that have none of their own, beside them and in their form."""

from __future__ import annotations

import copy
import json
import re

from ...model import Stack, TaskDefinition
from ...symbolic.answers import Yes, is_absent
from ...symbolic.records import dataclass
from ...symbolic.source import Span
from ...symbolic.values import Value
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .edits import with_edits
from .insertions import argument_at, argument_edit, block_behind
from .places import Place, partition
from .policies import AGENT_POLICY


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


def execution_role(stack: Stack, task: TaskDefinition) -> Draft:
    """A role that ECS tasks may assume, with AWS's policy for it, and its name in the task
    definition, in place of the one that is there. What else the task needs of it is said once it
    is there."""
    return _drafted(stack, task, _EXECUTION, task.execution_role)


def task_role(stack: Stack, task: TaskDefinition) -> Draft:
    """A role that ECS tasks may assume, and its name in the task definition, as for
    ``execution_role``."""
    return _drafted(stack, task, _TASK, task.task_role)


def _drafted(stack: Stack, task: TaskDefinition, use: _Use, present: Value) -> Draft:
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
            rf"\b({use.argument}|{use.property})\b\W*?[=:]", source.slice(task.span)
        ):
            return None  # it is written, and comes to nothing
        form = source.form(source.start(task.span))
        if form is Form.HCL and task.type == "aws_ecs_task_definition":
            edits = _terraform(stack, sources, source, task, use, span)
        elif form is Form.YAML and task.type == "AWS::ECS::TaskDefinition":
            edits = _yaml(source, task, use, span)
        elif form is Form.CFN_JSON and task.type == "AWS::ECS::TaskDefinition":
            edits = _json(source, task, use, span)
        else:
            return None
        return with_edits(fix, edits)

    return draft


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
    head = source.ending(re.compile(rf"^( +){use.property}:[ \t]*\r?\n\1 +$", re.M), start)
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
    stack: Stack,
    sources: Sources,
    source: FileText,
    task: TaskDefinition,
    use: _Use,
    present: Span | None,
) -> list[Edit] | None:
    head = re.match(r'resource\s+"\w+"\s+"([\w-]+)"\s*\{', source.slice(task.span))
    if head is None:
        return None
    place = Place.beside(stack, sources, source.file, task.address)
    label = head[1] + use.suffix
    texts = (sources.of(f).text for f in stack.files if f.rpartition("/")[0] == place.folder)
    if any(f'"aws_iam_role" "{label}"' in text for text in texts):
        return None
    name = f"aws_iam_role.{label}.arn"
    named = _named(source, task, use, present, name)
    end = source.end(task.span)
    text = _TERRAFORM.format(label=label)
    if use.policy:
        text += _ATTACHMENT.format(label=label, policy=use.policy, partition=partition(place))
    return [named, block_behind(source, end, text)] if named else None


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
    source: FileText, task: TaskDefinition, use: _Use, present: Span | None
) -> list[Edit] | None:
    label = _label(task, use)
    if re.search(rf"^[ \t]*{label}:", source.text, re.M):
        return None
    named = _named(source, task, use, present, f"!GetAtt {label}.Arn")
    margin = source.indent(source.start(task.span))
    body = _YAML + (_YAML_POLICIES if use.policy else "")
    lines = body.format(label=label, policy=use.policy).split("\n")
    role = "\n".join(margin + line for line in lines)
    return [named, block_behind(source, source.end(task.span), role)] if named else None


def _json(
    source: FileText, task: TaskDefinition, use: _Use, present: Span | None
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
    margin, end = source.indent(source.start(task.span)), source.end(task.span)
    role = json.dumps({"Type": "AWS::IAM::Role", "Properties": properties}, indent=2)
    role = role.replace("\n", f"\n{margin}")
    return [named, Edit(source.span(end, end), f',\n{margin}"{label}": {role}')] if named else None
