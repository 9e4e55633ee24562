"""A role of its own for the agent, where one role does for both, however that one is named."""

from __future__ import annotations

from pathlib import Path

from ecs_preflight.analysis.mending import mend
from ecs_preflight.analysis.scan import Options

ROLES = """\
Resources:
  Shared:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Service: ecs-tasks.amazonaws.com
            Action: sts:AssumeRole
Outputs:
  Shared:
    Value: !GetAtt Shared.Arn
    Export:
      Name: shared-role
"""
SERVICE = """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: app
      ExecutionRoleArn:
        Fn::ImportValue:
          !Sub 'shared-role'
      TaskRoleArn:
        Fn::ImportValue:
          !Sub 'shared-role'
      ContainerDefinitions:
        - Name: app
          Image: nginx
          Memory: 128
          # Environment:
          #   - Name: A
  Topic:
    Type: AWS::SNS::Topic
"""
GIVEN = """\
      Family: app
      ExecutionRoleArn: !GetAtt TaskExecutionRole.Arn
      TaskRoleArn:
"""
BEHIND = """\
          Memory: 128
          # Environment:
          #   - Name: A

  TaskExecutionRole:
    Type: AWS::IAM::Role
"""
MODULE = """\
variable "role" {}
variable "agent" {}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = var.role
  execution_role_arn    = var.role
  container_definitions = jsonencode([{ name = "app", image = "nginx", memory = 128 }])
}
"""
CALL = """\
module "app" {
  source = "./app"
  role   = aws_iam_role.shared.arn
  agent  = aws_iam_role.shared.arn
}
resource "aws_iam_role" "shared" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}
"""


def _after(path: str) -> str:
    made = mend(["."], Options(), unsafe=True)
    assert {finding.rule for finding in made.before.active} == {"ECS624"}
    found = {change.file: change.after for change in made.changes}
    return found.get(path, "")


def test_in_place_of_an_import(folder: Path) -> None:
    (folder / "roles.yaml").write_text(ROLES)
    (folder / "service.yaml").write_text(SERVICE)
    after = _after("service.yaml")
    assert GIVEN in after
    assert BEHIND in after


def test_in_place_of_the_input_that_is_named_for_both(folder: Path) -> None:
    (folder / "app").mkdir()
    (folder / "app/main.tf").write_text(MODULE)
    (folder / "main.tf").write_text(CALL)
    assert "execution_role_arn    = aws_iam_role.app_execution.arn" in _after("app/main.tf")


def test_what_the_caller_gives_twice_is_not_overwritten_in_the_module(folder: Path) -> None:
    (folder / "app").mkdir()
    own = MODULE.replace("execution_role_arn    = var.role", "execution_role_arn    = var.agent")
    (folder / "app/main.tf").write_text(own)
    (folder / "main.tf").write_text(CALL)
    assert _after("app/main.tf") == ""


ONE_FOR_ALL = """\
resource "aws_secretsmanager_secret" "db" {}

resource "aws_secretsmanager_secret" "mail" {}

resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*" },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" },
    ]
  })
}
"""
USER = """
resource "aws_ecs_task_definition" "NAME" {
  family             = "NAME"
  execution_role_arn = aws_iam_role.app.arn
  task_role_arn      = aws_iam_role.app.arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "nginx"
    memory  = 128
    secrets = [{ name = "KEY", valueFrom = aws_secretsmanager_secret.SECRET.arn }]
  }])
}
"""


def test_tasks_that_have_one_role_get_one_execution_role(folder: Path) -> None:
    users = (("web", "db"), ("worker", "mail"), ("cron", "db"))
    tasks = (USER.replace("NAME", name).replace("SECRET", secret) for name, secret in users)
    (folder / "main.tf").write_text(ONE_FOR_ALL + "".join(tasks))
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.after.active if finding.rule != "ECS626"] == []
    (change,) = made.changes
    assert change.after.count('resource "aws_iam_role" ') == 2
    assert change.after.count("execution_role_arn = aws_iam_role.ecs_execution.arn\n") == 3
    (policy,) = change.after.split('resource "aws_iam_role_policy" "ecs_execution"')[1:]
    policy = policy.partition("\n}\n")[0]
    for secret in ("db", "mail"):
        assert f"aws_secretsmanager_secret.{secret}.arn" in policy


def test_a_role_that_is_remarked_on_is_none(folder: Path) -> None:
    remark = "  # execution_role_arn  = aws_iam_role.agent.arn\n"
    text = (
        'resource "aws_ecr_repository" "app" {\n  name = "app"\n}\n'
        'resource "aws_ecs_task_definition" "app" {\n'
        '  family                   = "app"\n  requires_compatibilities = ["FARGATE"]\n'
        '  network_mode             = "awsvpc"\n  cpu = 256\n  memory = 512\n'
        '  container_definitions = jsonencode([{ name = "app", '
        "image = aws_ecr_repository.app.repository_url }])\n"
        f"{remark}}}\n"
    )
    (folder / "main.tf").write_text(text)
    made = mend(["."], Options(), unsafe=True)
    assert [finding.rule for finding in made.before.active] == ["ECS601"]
    assert made.after.active == ()
    (change,) = made.changes
    assert remark in change.after
    assert 'resource "aws_iam_role" "app_execution" {' in change.after
