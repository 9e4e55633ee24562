"""Texts that would speak for the tool, in every place of scanned code where a text is read, and how
it is told that none does."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown_it import MarkdownIt

#: A control character, a title of a terminal, a direction, commands of a runner, line breaks of
#: three kinds, markup of Markdown, HTML, Mermaid and XML, and what neither XML nor UTF-8 can hold.
NASTY = (
    "n\x1b]0;T\x07\u202e\n::error::P\r\n##[error]Q\u2028`</details><img src=x onerror=a>"
    '"]--x[x](javascript:1)|]]>\x00\ufffe\ud800'
)
COMMAND = re.compile(
    "^\\s*::(?!(?:error|warning|notice) (?:title|file)=)|##\\[|[\0-\x08\x0b-\x1f\x7f-\x9f]"
    "|[\u2028-\u202e\u2066-\u2069\ud800-\udfff]",
    re.MULTILINE,
)
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": NASTY,
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": ["ecs-tasks.amazonaws.com", NASTY]},
            "Condition": {"StringEquals": {NASTY: NASTY, "aws:SourceArn": NASTY}},
        }
    ],
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": NASTY, "Effect": "Allow", "Action": NASTY, "Resource": NASTY},
        {"Effect": "Deny", "Action": "secretsmanager:*", "Resource": ARN + NASTY},
    ],
}
CONTAINER: dict[str, Any] = {
    "name": NASTY,
    "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/" + NASTY,
    "essential": NASTY,
    "user": NASTY,
    "secrets": [
        {"name": NASTY, "valueFrom": ARN + NASTY},
        {"name": "b", "valueFrom": NASTY},
        {"name": "c", "valueFrom": ARN + "plain-AbCdEf"},
    ],
    "environment": [{"name": NASTY, "value": NASTY}],
    "environmentFiles": [{"type": NASTY, "value": "arn:aws:s3:::" + NASTY}],
    "repositoryCredentials": {"credentialsParameter": NASTY},
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": NASTY, NASTY: NASTY}},
    "dependsOn": [{"containerName": NASTY, "condition": NASTY}],
    "mountPoints": [{"sourceVolume": NASTY, "containerPath": NASTY}],
    "portMappings": [{"name": NASTY, "containerPort": NASTY, "protocol": NASTY}],
}


def capitalized(value: Any) -> Any:
    """As CloudFormation spells it."""
    if isinstance(value, list):
        return list(map(capitalized, value))
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: capitalized(item) for key, item in value.items()}
    return value


def template() -> str:
    return json.dumps(
        {
            "Description": NASTY,
            "Parameters": {NASTY: {"Type": NASTY, "Default": NASTY}},
            "Mappings": {NASTY: {NASTY: {NASTY: NASTY}}},
            "Conditions": {NASTY: {"Fn::Equals": [NASTY, {"Ref": NASTY}]}},
            "Resources": {
                "Role": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "RoleName": NASTY,
                        "AssumeRolePolicyDocument": TRUST,
                        "ManagedPolicyArns": [NASTY],
                        "Policies": [{"PolicyName": NASTY, "PolicyDocument": POLICY}],
                    },
                },
                NASTY: {
                    "Type": "AWS::ECS::TaskDefinition",
                    "Condition": NASTY,
                    "Metadata": {
                        "cfn-lint": {"config": {"ignore_checks": ["E9605", NASTY]}},
                        "checkov": {"skip": [{"id": "CKV_ECS_602", "comment": NASTY}]},
                    },
                    "Properties": {
                        "Family": NASTY,
                        "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                        "TaskRoleArn": {"Fn::ImportValue": NASTY},
                        "ContainerDefinitions": [capitalized(CONTAINER)],
                        "Volumes": [{"Name": NASTY, "Host": {"SourcePath": NASTY}}],
                    },
                },
                "Plain": {
                    "Type": "AWS::ECS::TaskDefinition",
                    "Properties": {
                        "Family": "plain",
                        "ExecutionRoleArn": {"Fn::Sub": "${" + NASTY.replace("}", "") + "}"},
                        "TaskRoleArn": {"Fn::FindInMap": [NASTY, NASTY, NASTY]},
                        "ContainerDefinitions": [{"Name": "a", "Image": {"Fn::If": [NASTY, 1, 2]}}],
                    },
                },
                "Nested": {
                    "Type": "AWS::CloudFormation::Stack",
                    "Properties": {"TemplateURL": NASTY, "Parameters": {NASTY: NASTY}},
                },
            },
            "Outputs": {NASTY: {"Value": NASTY, "Export": {"Name": NASTY}}},
        }
    )


def hcl(text: str) -> str:
    """A string of HCL."""
    kept = "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\u{ord(c):04x}" for c in text)
    return '"' + kept.replace("${", "$${").replace("%{", "%%{") + '"'


def configuration() -> str:
    words = NASTY.replace("\0", "").replace("\ud800", "").replace("\r", "").replace("\n", " ")
    nasty, document = hcl(NASTY), hcl(json.dumps(POLICY))
    return f"""
provider "aws" {{
  region = {nasty}
}}
variable "v" {{
  default     = {nasty}
  description = {nasty}
}}
module "m" {{
  source  = {hcl("./" + NASTY)}
  version = {nasty}
}}
resource "aws_iam_role" "exec" {{
  name               = {nasty}
  assume_role_policy = {hcl(json.dumps(TRUST))}
}}
resource "aws_iam_role_policy" "p" {{
  name   = {nasty}
  role   = aws_iam_role.exec.id
  policy = {document}
}}
# ecs-preflight: ignore ECS605 : {words}
# checkov:skip=CKV_ECS_602:{words}
resource "aws_ecs_task_definition" "t" {{
  for_each              = toset([{nasty}])
  family                = each.key
  execution_role_arn    = aws_iam_role.exec.arn
  task_role_arn         = {nasty}
  network_mode          = {nasty}
  cpu                   = {nasty}
  container_definitions = {hcl(json.dumps([CONTAINER]))}
}}
resource "aws_ecs_service" "s" {{
  name                   = {nasty}
  cluster                = {nasty}
  launch_type            = {nasty}
  platform_version       = {nasty}
  enable_execute_command = true
  task_definition        = aws_ecs_task_definition.t[{nasty}].arn
}}
"""


def written(folder: Path) -> None:
    """Nasty texts wherever a text is read."""
    task = {"family": NASTY, "executionRoleArn": NASTY, "taskRoleArn": NASTY}
    plan = {
        "address": f"aws_ecs_task_definition.{NASTY}",
        "mode": "managed",
        "type": "aws_ecs_task_definition",
        "name": NASTY,
        "index": NASTY,
        "values": {"family": NASTY, "container_definitions": json.dumps([CONTAINER])},
    }
    files = {
        "code/main.tf": configuration(),
        "code/terraform.tfvars": f"v = {hcl(NASTY)}\nunused = {hcl(NASTY)}\n",
        "template.json": template(),
        "broken.json": template()[:-40] + NASTY,
        "broken/main.tf": f'resource "aws_ecs_cluster" "{NASTY}" {{\n{NASTY}',
        "task.json": json.dumps({**task, "containerDefinitions": [CONTAINER]}),
        "plan.json": json.dumps(
            {"format_version": "1.2", "planned_values": {"root_module": {"resources": [plan]}}}
        ),
        "terragrunt/terragrunt.hcl": f"include {{\n path = {hcl(NASTY)}\n}}\n",
        ".github/workflows/deploy.yml": json.dumps(
            {
                "on": "push",
                "env": {"E": NASTY},
                "jobs": {
                    NASTY: {
                        "runs-on": NASTY,
                        "steps": [
                            {
                                "name": NASTY,
                                "uses": "aws-actions/amazon-ecs-deploy-task-definition@v1",
                                "with": {"task-definition": "task.json", "service": NASTY},
                            }
                        ],
                    }
                },
            }
        ),
        ".gitignore": NASTY,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))


def settings() -> str:
    """A configuration that says nasty things which it may say."""
    nasty = "".join(c if c.isalnum() else f"\\u{ord(c):04x}" for c in NASTY if c != "\ud800")
    return (
        f'ignore = ["ECS7"]\nexclude = ["{nasty}"]\n[severity]\n"{nasty}" = "note"\n'
        f'[[suppressions]]\nrule = "ECS601"\nreason = "{nasty}"\nresource = "{nasty}"\n'
    )


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.found.update(value or "" for name, value in attrs if name == "href")
        self.found.update(name for name, _ in attrs if name.startswith("on"))


def harmless(text: str, form: str) -> None:
    """No text of a stranger's speaks in what is written in that form."""
    assert not COMMAND.search(text), (form, COMMAND.search(text))
    page = MarkdownIt().enable("table").render(text) if form == "markdown" else text
    if form in ("markdown", "html"):
        assert not {"img", "onerror", "javascript:1"} & Tags(page).found
        assert page.count("<details") == page.count("</details")
    if form == "junit":
        ElementTree.fromstring(text)
    if form in ("json", "sarif", "gitlab"):
        json.loads(text)
