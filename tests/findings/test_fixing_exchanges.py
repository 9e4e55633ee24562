"""Roles that stand in each other's place are exchanged, and no permission is moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

TRUST = """{
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Service": "ecs-tasks.amazonaws.com" }
      }]
    }"""
TERRAFORM = f"""\
resource "aws_iam_role" "execution" {{
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_iam_role_policy_attachment" "execution" {{
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}}

resource "aws_iam_role" "task" {{
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_iam_role_policy" "task" {{
  role = aws_iam_role.task.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }}]
  }})
}}

resource "aws_ecs_task_definition" "app" {{
  family             = "app"
  execution_role_arn = aws_iam_role.task.arn # the agent's
  task_role_arn      = aws_iam_role.execution.arn
  container_definitions = jsonencode([{{
    name   = "app"
    image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
    memory = 128
  }}])
}}
"""
TEMPLATE = f"""\
Resources:
  Execution:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {TRUST}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
  Task:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {TRUST}
  App:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Task.Arn
      TaskRoleArn: !GetAtt Execution.Arn
      ContainerDefinitions:
        - Name: app
          Image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1
          Memory: 128
"""


def _mended(folder: Path, name: str, text: str) -> list[str]:
    """The lines that changed."""
    (folder / name).write_text(text)
    made = mend([str(folder / name)], Options(), unsafe=True)
    lines = set(text.split("\n"))
    return [
        line for change in made.changes for line in change.after.split("\n") if line not in lines
    ]


def test_the_two_arguments_change_places(tmp_path: Path) -> None:
    assert _mended(tmp_path, "main.tf", TERRAFORM) == [
        "  execution_role_arn = aws_iam_role.execution.arn # the agent's",
        "  task_role_arn      = aws_iam_role.task.arn",
    ]


def test_so_they_do_in_a_template(tmp_path: Path) -> None:
    assert _mended(tmp_path, "app.yaml", TEMPLATE) == [
        "      ExecutionRoleArn: !GetAtt Execution.Arn",
        "      TaskRoleArn: !GetAtt Task.Arn",
    ]


@pytest.mark.parametrize("action", ["ecr:GetAuthorizationToken", "sqs:SendMessage"])
def test_roles_that_have_more_stay(tmp_path: Path, action: str) -> None:
    """A permission of the agent's on the execution role, one of the application's on the other."""
    ours = 'resource "aws_iam_role_policy" "task" {\n  role = aws_iam_role.task.id'
    other = ours if action.startswith("ecr") else ours.replace("role.task.id", "role.execution.id")
    text = TERRAFORM.replace(ours, other).replace("sqs:SendMessage", action)
    assert not any("execution_role_arn" in line for line in _mended(tmp_path, "main.tf", text))
