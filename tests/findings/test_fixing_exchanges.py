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


MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
SECRET = '"secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.db.arn'
OTHER = '"secretsmanager:GetSecretValue", Resource = "arn:aws:secretsmanager:*:*:secret:own-??????"'
QUEUE = '"sqs:SendMessage", Resource = "*"'
LOGS = '["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*"'
CONTAINERS = """\
  container_definitions = jsonencode([{
    name    = "app"
    image   = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"
    memory  = 128
    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db.arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { awslogs-group = "app", awslogs-region = "eu-west-1" }
    }
  }])
"""
DATABASE = 'resource "aws_secretsmanager_secret" "db" {\n  name = "db"\n}\n'


def _role(name: str) -> str:
    return f'resource "aws_iam_role" "{name}" {{\n  assume_role_policy = jsonencode({TRUST})\n}}\n'


def _pulling(role: str) -> str:
    return (
        f'resource "aws_iam_role_policy_attachment" "{role}" {{\n'
        f'  role       = aws_iam_role.{role}.name\n  policy_arn = "{MANAGED}"\n}}\n'
    )


def _policy(name: str, role: str, *grants: str) -> str:
    listed = "".join(f'      {{ Effect = "Allow", Action = {grant} }},\n' for grant in grants)
    return (
        f'resource "aws_iam_role_policy" "{name}" {{\n  role = aws_iam_role.{role}.id\n'
        f'  policy = jsonencode({{\n    Version = "2012-10-17"\n    Statement = [\n{listed}'
        "    ]\n  })\n}\n"
    )


def _task(execution: str, task: str, containers: str = CONTAINERS) -> str:
    return (
        'resource "aws_ecs_task_definition" "app" {\n  family             = "app"\n'
        f"  execution_role_arn = {execution}\n  task_role_arn      = {task}\n{containers}}}\n"
    )


@pytest.mark.parametrize("others", [(QUEUE,), (OTHER, QUEUE), ('"s3:PutObject", Resource = "*"',)])
def test_both_may_pull_and_use_the_same_service(tmp_path: Path, others: tuple[str, ...]) -> None:
    text = (
        DATABASE
        + "".join(_role(name) + _pulling(name) for name in ("execution", "task"))
        + _policy("secrets", "execution", SECRET)
        + _policy("app", "task", *others)
        + _task("aws_iam_role.task.arn", "aws_iam_role.execution.arn")
    )
    assert _mended(tmp_path, "main.tf", text) == [
        "  execution_role_arn = aws_iam_role.execution.arn",
        "  task_role_arn      = aws_iam_role.task.arn",
    ]


def test_where_the_roles_are_named_rightly_their_policies_change_places(tmp_path: Path) -> None:
    text = (
        DATABASE
        + "".join(_role(name) + _pulling(name) for name in ("execution", "task"))
        + _policy("secrets", "task", SECRET)
        + _policy("app", "execution", QUEUE)
        + _task("aws_iam_role.execution.arn", "aws_iam_role.task.arn")
    )
    (tmp_path / "main.tf").write_text(text)
    (change,) = mend([str(tmp_path)], Options(), unsafe=True).changes
    assert _policy("secrets", "execution", SECRET) in change.after
    assert _policy("app", "task", QUEUE) in change.after
    assert change.after.count('aws_iam_role_policy"') == 2


def test_a_module_that_others_call_rightly_is_given_the_other_role(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    inputs = "".join(f'variable "{name}" {{}}\n' for name in ("execution", "task", "secret"))
    containers = CONTAINERS.replace("aws_secretsmanager_secret.db.arn", "var.secret")
    module = inputs + _task("var.execution", "var.task", containers)
    (tmp_path / "service" / "main.tf").write_text(module)
    call = (
        'module "NAME" {\n  source    = "./service"\n  secret    = aws_secretsmanager_secret.db.arn\n'
        "  execution = aws_iam_role.ONE.arn\n  task      = aws_iam_role.OTHER.arn\n}\n"
    )
    right = call.replace("ONE", "execution").replace("OTHER", "task")
    wrong = call.replace("ONE", "task").replace("OTHER", "execution")
    text = (
        DATABASE
        + "".join(_role(name) + _pulling(name) for name in ("execution", "task"))
        + _policy("secrets", "execution", SECRET)
        + _policy("app", "task", QUEUE)
        + right.replace("NAME", "billing")
    )
    (tmp_path / "main.tf").write_text(text + wrong.replace("NAME", "orders"))
    (change,) = mend([str(tmp_path)], Options(), unsafe=True).changes
    assert change.after.endswith(right.replace("NAME", "billing") + right.replace("NAME", "orders"))


def test_what_is_moved_to_the_right_role_is_not_added_there_too(tmp_path: Path) -> None:
    """A policy of the task role's that holds nothing but what the agent needs, all in all."""
    text = (
        DATABASE
        + _role("execution")
        + _policy("pull", "execution", '"ecr:*", Resource = "*"')
        + _role("task")
        + _policy("agent", "task", LOGS, SECRET)
        + _policy("app", "task", QUEUE)
        + _task("aws_iam_role.execution.arn", "aws_iam_role.task.arn")
    )
    (tmp_path / "main.tf").write_text(text)
    (change,) = mend([str(tmp_path)], Options(), unsafe=True).changes
    assert change.after == text.replace(
        _policy("agent", "task", LOGS, SECRET), _policy("agent", "execution", LOGS, SECRET)
    )
