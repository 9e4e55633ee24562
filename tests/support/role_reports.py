"""Public reports about whose role is which, and what a launcher's, an instance's or a helper's
lacks."""

from __future__ import annotations

from further_reports import NETWORK, PRIVATE
from reported_stacks import (
    CONTAINER,
    EXECUTION_ROLE,
    PRIVATE_CONTAINER,
    PROVIDER,
    TASK_ROLE,
    Reported,
    allow,
    role,
    service,
    task_definition,
)

ROLES: list[Reported] = []


def _add(name: str, rule: str, bad: str, mended: str) -> None:
    ROLES.append(Reported(name, rule, PROVIDER + bad, PROVIDER + mended))


# The role of the container instances trusts ECS instead of EC2.
_INSTANCES = """
resource "aws_iam_role_policy_attachment" "i" {
  role = aws_iam_role.i.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}
resource "aws_iam_instance_profile" "i" {
  role = aws_iam_role.i.name
}
resource "aws_ecs_cluster" "ocx" {
  name = "ocx"
}
resource "aws_launch_template" "i" {
  user_data = base64encode("echo ECS_CLUSTER=${aws_ecs_cluster.ocx.name} >> /etc/ecs/ecs.config")
  iam_instance_profile {
    name = aws_iam_instance_profile.i.name
  }
}
"""
_add(
    "amazon-ecs-agent#1309",
    "ECS505",
    role("i", svc="ecs.amazonaws.com") + _INSTANCES,
    role("i", svc="ec2.amazonaws.com") + _INSTANCES,
)

# State machines that run a task and wait for it.
_MACHINE = """
resource "aws_sfn_state_machine" "m" {
  name     = "m"
  role_arn = aws_iam_role.m.arn
  definition = jsonencode({
    StartAt = "RunTask"
    States = {
      RunTask = {
        Type     = "Task"
        Resource = "arn:aws:states:::ecs:runTask.sync"
        Parameters = {
          LaunchType     = "FARGATE"
          Cluster        = "jobs"
          TaskDefinition = aws_ecs_task_definition.app.arn
          NetworkConfiguration = { AwsvpcConfiguration = { Subnets = ["subnet-0a1b2c3d4e5f60718"] } }
        }
        End = true
      }
    }
  })
}
"""
_RUN = allow("ecs:RunTask ecs:StopTask ecs:DescribeTasks")
_WAIT = allow("events:PutTargets events:PutRule events:DescribeRule")
_PASS = allow("iam:PassRole", "aws_iam_role.exec.arn")
_JOB = role("exec", managed=True) + task_definition(PRIVATE_CONTAINER % "", EXECUTION_ROLE)


def _machine(*statements: str) -> str:
    return _JOB + role("m", ",".join(statements), svc="states.amazonaws.com") + _MACHINE


_MAY = _machine(_RUN, _WAIT, _PASS)
_add("serverless-step-functions#189", "ECS821", _machine(_RUN, _WAIT), _MAY)
_add("terraform-aws-step-functions#11", "ECS821", _machine(_RUN, _PASS), _MAY)
_add(
    "serverless-step-functions#606",
    "ECS821",
    _machine(_RUN, _WAIT, allow("iam:PassRole", "aws_iam_role.m.arn")),
    _MAY,
)

# The two roles flipped: the service's given to the task.
_add(
    "aws-modern-application-workshop#88",
    "ECS501",
    role("task", svc="ecs.amazonaws.com") + task_definition(CONTAINER % "", TASK_ROLE),
    role("task", svc="ecs-tasks.amazonaws.com") + task_definition(CONTAINER % "", TASK_ROLE),
)
_add(
    "terraform-aws-codedeploy-for-ecs#18",
    "ECS502",
    role("exec", managed=True, svc="codedeploy.amazonaws.com")
    + task_definition(PRIVATE_CONTAINER % "", EXECUTION_ROLE),
    _JOB,
)

# A grant on what is tagged, and a parameter that is not.
_TAGGED = (
    '{Effect="Allow",Action="ssm:GetParameters",Resource="*",'
    'Condition={StringEquals={"ssm:ResourceTag/copilot-application"="shop"}}}'
)
_PARAMETER = """
resource "aws_ssm_parameter" "p" {
  name  = "/shop/token"
  type  = "String"
  value = "-"
%s}
"""
_READ = ',secrets=[{name="TOKEN",valueFrom=aws_ssm_parameter.p.arn}]'
_READING = role("exec", _TAGGED) + task_definition(CONTAINER % _READ, EXECUTION_ROLE)
_add(
    "copilot-cli#2095",
    "ECS606",
    _PARAMETER % "" + _READING,
    _PARAMETER % '  tags = { "copilot-application" = "shop" }\n' + _READING,
)

# The role that works on the volumes cannot be assumed by ECS.
_VOLUME = """
  volume_configuration {
    name = "data"
    managed_ebs_volume {
      role_arn   = aws_iam_role.volumes.arn
      size_in_gb = 5
    }
  }
"""
_VOLUMES = """
resource "aws_iam_role_policy_attachment" "volumes" {
  role = aws_iam_role.volumes.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes"
}
"""
_AT_LAUNCH = '  volume {\n    name = "data"\n    configure_at_launch = true\n  }\n'
_ON_VOLUME = _VOLUMES + task_definition(CONTAINER % "", _AT_LAUNCH) + service(_VOLUME)
_add(
    "terraform-provider-aws#38538",
    "ECS505",
    role("volumes", svc="ecs-tasks.amazonaws.com") + _ON_VOLUME,
    role("volumes", svc="ecs.amazonaws.com") + _ON_VOLUME,
)

# A second task whose role was not given what the first one's has.
_SECRET = """
resource "aws_secretsmanager_secret" "s" {
  name = "backup"
}
"""
_GET = allow("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.s.arn")
_BACKUP = task_definition(
    CONTAINER % ',secrets=[{name="S",valueFrom=aws_secretsmanager_secret.s.arn}]',
    "  execution_role_arn = aws_iam_role.backup.arn\n",
)
_add(
    "govwifi-terraform#450",
    "ECS605",
    _SECRET + role("exec", _GET) + role("backup", managed=True) + _BACKUP,
    _SECRET + role("exec", _GET) + role("backup", _GET, managed=True) + _BACKUP,
)

# A task in a subnet from which nothing leads out.
_IN_SUBNET = service().replace('"subnet-0a1b2c3d4e5f60718"', "aws_subnet.app.id")
_add(
    "preview-environments#9",
    "ECS828",
    NETWORK % "" + _JOB + _IN_SUBNET,
    NETWORK % PRIVATE + _JOB + _IN_SUBNET,
)
