"""A role that is not there yet, whole: with its trust policy and what it is to allow."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ...model import Resource
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ...symbolic.source import Span
from ..finding import Edit
from ..sources import FileText, Form
from .edits import all_of
from .insertions import block_behind
from .places import Place, partition, texts
from .policies import json_policy, policy_block, yaml_policies
from .statements import NewStatement, object_text


@dataclass(frozen=True)
class NewRole:
    """What a task definition, or a target, has a role for: its argument in either language, what a
    role for it is called, AWS's policy for it, and who assumes it."""

    argument: str
    property: str
    suffix: str
    name: str
    policy: str = ""
    service: str = "ecs-tasks.amazonaws.com"


HEAD = regex(r'resource\s+"\w+"\s+"([\w-]+)"\s*\{')
_TERRAFORM = """\
resource "aws_iam_role" "{label}" {{
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = {{ Service = "{service}" }}
      }},
    ]
  }})
}}"""
_ATTACHMENT = """

resource "aws_iam_role_policy_attachment" "{label}" {{
  role       = aws_iam_role.{label}.name
  policy_arn = "arn:{partition}:iam::aws:policy/{policy}"
}}"""
_YAML = """\
{label}:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal:
            Service: {service}
          Action: sts:AssumeRole"""
_YAML_POLICIES = """
    ManagedPolicyArns:
      - !Sub arn:${{AWS::Partition}}:iam::aws:policy/{policy}"""


def label_of(owner: Resource, use: NewRole) -> str:
    """What a template calls the role for that resource."""
    return owner.address.rpartition(".")[2] + use.name


def terraform_role(
    place: Place,
    source: FileText,
    behind: Span,
    use: NewRole,
    label: str,
    statements: Sequence[NewStatement],
) -> Edit | None:
    """The role behind the block there. None where the label is taken, or a statement cannot be
    written."""
    if any(f'"aws_iam_role" "{label}"' in text for text in texts(place)):
        return None
    bodies = all_of(object_text(Form.HCL, each, "      ") for each in statements)
    if bodies is None:
        return None
    text = _TERRAFORM.format(label=label, service=use.service)
    if use.policy:
        text += _ATTACHMENT.format(label=label, policy=use.policy, partition=partition(place))
    if bodies:
        text += "\n\n" + policy_block(label, f"aws_iam_role.{label}", bodies)
    return block_behind(source, source.end(behind), text)


def yaml_role(
    source: FileText,
    behind: Span,
    use: NewRole,
    label: str,
    statements: Sequence[NewStatement],
) -> Edit | None:
    """The role behind the resource there, as far in as that. None where the label is taken."""
    if re.search(rf"^[ \t]*{re.escape(label)}:", source.text, re.M):
        return None
    margin = source.indent(source.start(behind))
    body = _YAML + (_YAML_POLICIES if use.policy else "")
    lines = body.format(label=label, policy=use.policy, service=use.service).split("\n")
    if statements:
        lines += "\n".join(yaml_policies("    ", statements)).split("\n")
    return block_behind(source, source.end(behind), "\n".join(margin + line for line in lines))


def json_role(
    source: FileText,
    behind: Span,
    use: NewRole,
    label: str,
    statements: Sequence[NewStatement],
) -> Edit | None:
    """The same in a JSON template."""
    if f'"{label}"' in source.text:
        return None
    assumed = {
        "Effect": "Allow",
        "Principal": {"Service": use.service},
        "Action": "sts:AssumeRole",
    }
    trust = {"Version": "2012-10-17", "Statement": [assumed]}
    properties: dict[str, object] = {"AssumeRolePolicyDocument": trust}
    if use.policy:
        arn = f"arn:${{AWS::Partition}}:iam::aws:policy/{use.policy}"
        properties["ManagedPolicyArns"] = [{"Fn::Sub": arn}]
    if statements:
        properties["Policies"] = [json_policy(statements)]
    margin, end = source.indent(source.start(behind)), source.end(behind)
    role = json.dumps({"Type": "AWS::IAM::Role", "Properties": properties}, indent=2)
    role = role.replace("\n", f"\n{margin}")
    return Edit(source.span(end, end), f',\n{margin}"{label}": {role}')
