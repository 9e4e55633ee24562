"""An execution role for a task definition that has none, beside it and in its form."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from ...model import Stack, TaskDefinition
from ...symbolic.values import literal
from ..finding import Applicability, Draft, Edit, Fix
from ..sources import Form, Sources, SourceText
from .names import Place, partition
from .settings import beside_edit
from .statements import at_line_end

POLICY = "policy/service-role/AmazonECSTaskExecutionRolePolicy"

_TERRAFORM = """

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
}}

resource "aws_iam_role_policy_attachment" "{label}" {{
  role       = aws_iam_role.{label}.name
  policy_arn = "arn:{partition}:iam::aws:{policy}"
}}"""

_TEMPLATE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
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
        "ManagedPolicyArns": [{"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:{POLICY}"}],
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
          Action: sts:AssumeRole
    ManagedPolicyArns:
      - !Sub arn:${{AWS::Partition}}:iam::aws:{policy}"""


def execution_role(stack: Stack, task: TaskDefinition) -> Draft:
    """A role that ECS tasks may assume, with AWS's policy for it, and its name in the task
    definition. What else the task needs of it is said once it is there."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(task.span)
        if source is None or literal(task.execution_role) == "":
            return None
        form = source.form(source.start(task.span))
        if form is Form.HCL and task.type == "aws_ecs_task_definition":
            edits = _terraform(stack, sources, source, task)
        elif form is Form.YAML and task.type == "AWS::ECS::TaskDefinition":
            edits = _yaml(source, task)
        elif form is Form.CFN_JSON and task.type == "AWS::ECS::TaskDefinition":
            edits = _json(source, task)
        else:
            return None
        if edits is None:
            return None
        return replace(fix, edits=tuple(edits), applicability=Applicability.UNSAFE)

    return draft


def _terraform(
    stack: Stack, sources: Sources, source: SourceText, task: TaskDefinition
) -> list[Edit] | None:
    head = re.match(r'resource\s+"\w+"\s+"([\w-]+)"\s*\{', source.slice(task.span))
    if head is None:
        return None
    place = Place.beside(stack, sources, source.file, task.address)
    label = f"{head[1]}_execution"
    texts = (sources.of(f).text for f in stack.files if f.rpartition("/")[0] == place.folder)
    if any(f'"aws_iam_role" "{label}"' in text for text in texts):
        return None
    named = beside_edit(source, task.span, "execution_role_arn", f"aws_iam_role.{label}.arn")
    end = source.end(task.span)
    text = _TERRAFORM.format(label=label, policy=POLICY, partition=partition(place))
    return [named, Edit(source.span(end, end), text)] if named else None


def _yaml(source: SourceText, task: TaskDefinition) -> list[Edit] | None:
    label = f"{task.address.rpartition('.')[2]}ExecutionRole"
    key = re.compile(r"^( +)Properties:[ \t]*\r?\n( +)\S", re.M)
    found = key.search(source.text, source.start(task.span), source.end(task.span))
    if found is None or re.search(rf"^\s*{label}:", source.text, re.M):
        return None
    at = found.start(2)
    margin = source.indent(source.start(task.span))
    body = _YAML.format(label=label, policy=POLICY)
    role = "\n" + "\n".join(margin + line for line in body.split("\n"))
    return [
        Edit(source.span(at, at), f"{found[2]}ExecutionRoleArn: !GetAtt {label}.Arn\n"),
        at_line_end(source, source.end(task.span), role),
    ]


def _json(source: SourceText, task: TaskDefinition) -> list[Edit] | None:
    label = f"{task.address.rpartition('.')[2]}ExecutionRole"
    key = re.compile(r'"Properties"\s*:\s*\{([ \t]*\r?\n?[ \t]*)(?=")')
    start, end = source.start(task.span), source.end(task.span)
    found = key.search(source.text, start, end)
    if found is None or f'"{label}"' in source.text:
        return None
    named = json.dumps({"Fn::GetAtt": [label, "Arn"]})
    at, margin = found.end(), source.indent(start)
    gap = found[1] if "\n" in found[1] else " "
    role = json.dumps(_TEMPLATE, indent=2).replace("\n", f"\n{margin}")
    return [
        Edit(source.span(at, at), f'"ExecutionRoleArn": {named},{gap}'),
        Edit(source.span(end, end), f',\n{margin}"{label}": {role}'),
    ]
