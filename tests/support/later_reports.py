"""Public reports that were tried later: keys, references, file systems, endpoints, launchers."""

from __future__ import annotations

from further_reports import NETWORK, PRIVATE, PUBLIC
from reported_stacks import (
    CONTAINER,
    EVENTS,
    EXECUTION_ROLE,
    LOG_GROUP,
    LOGGING,
    PRIVATE_CONTAINER,
    PROVIDER,
    TASK_ROLE,
    Reported,
    allow,
    role,
    service,
    target,
    task_definition,
)

LATER: list[Reported] = []


def _add(name: str, rule: str, bad: str, mended: str) -> None:
    LATER.append(Reported(name, rule, PROVIDER + bad, PROVIDER + mended))


# A secret under a key of the stack: the role may read the one and not use the other.
_SECRET = """
resource "aws_kms_key" "k" {
  description = "secrets"
}
resource "aws_secretsmanager_secret" "s" {
  name       = "directus"
  kms_key_id = aws_kms_key.k.arn
}
"""
_READS = ',secrets=[{name="S",valueFrom=aws_secretsmanager_secret.s.arn}]'
_GET = allow("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.s.arn")
_add(
    "terraform-aws-directus#10",
    "ECS607",
    _SECRET + role("exec", _GET) + task_definition(CONTAINER % _READS, EXECUTION_ROLE),
    _SECRET
    + role("exec", f"{_GET},{allow('kms:Decrypt', 'aws_kms_key.k.arn')}")
    + task_definition(CONTAINER % _READS, EXECUTION_ROLE),
)

# A secret that is read through Parameter Store takes the permission of both.
_THROUGH = (
    ',secrets=[{name="S",valueFrom='
    '"arn:aws:ssm:eu-west-1:123456789012:parameter/aws/reference/secretsmanager/license"}]'
)
_LICENSE = '"arn:aws:secretsmanager:eu-west-1:123456789012:secret:license-*"'
_PARAMETER = '"arn:aws:ssm:eu-west-1:123456789012:parameter/aws/reference/secretsmanager/license"'
_add(
    "nri-ecs#10",
    "ECS606",
    role("exec", allow("secretsmanager:GetSecretValue", _LICENSE))
    + task_definition(CONTAINER % _THROUGH, EXECUTION_ROLE),
    role(
        "exec",
        allow("secretsmanager:GetSecretValue", _LICENSE)
        + ","
        + allow("ssm:GetParameters", _PARAMETER),
    )
    + task_definition(CONTAINER % _THROUGH, EXECUTION_ROLE),
)

# A file system policy that forgets ClientMount shuts out who mounts without IAM.
_FILES = """
resource "aws_efs_file_system" "f" {}
resource "aws_efs_file_system_policy" "f" {
  file_system_id = aws_efs_file_system.f.id
  policy = jsonencode({Version="2012-10-17",Statement=[{
    Effect="Allow",Principal={AWS="*"},Action=[%s],Resource=aws_efs_file_system.f.arn,
    Condition={Bool={"elasticfilesystem:AccessedViaMountTarget"="true"}}}]})
}
"""
_VOLUME = """
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = aws_efs_file_system.f.id
    }
  }
"""
_MOUNTS = ',mountPoints=[{sourceVolume="data",containerPath="/data"}]'
_WRITE = '"elasticfilesystem:ClientRootAccess","elasticfilesystem:ClientWrite"'
_add(
    "aws-cdk-examples#920",
    "ECS805",
    _FILES % _WRITE + task_definition(CONTAINER % _MOUNTS, _VOLUME),
    _FILES % (_WRITE + ',"elasticfilesystem:ClientMount"')
    + task_definition(CONTAINER % _MOUNTS, _VOLUME),
)

# The schedule's role passes the execution role, and not the task role that came later.
_ROLES = role("exec", managed=True) + role("task")
_add(
    "terraform-aws-ecs-fargate-scheduled-task#7",
    "ECS821",
    _ROLES
    + task_definition(CONTAINER % "", EXECUTION_ROLE + TASK_ROLE)
    + role("ev", EVENTS % "aws_iam_role.exec.arn", svc="events.amazonaws.com")
    + target(),
    _ROLES
    + task_definition(CONTAINER % "", EXECUTION_ROLE + TASK_ROLE)
    + role(
        "ev",
        EVENTS % "aws_iam_role.exec.arn,aws_iam_role.task.arn",
        svc="events.amazonaws.com",
    )
    + target(),
)

# A role made for instances, given to a task.
_add(
    "aws-secrets#11",
    "ECS501",
    role("task", svc="ec2.amazonaws.com") + task_definition(CONTAINER % "", TASK_ROLE),
    role("task", svc="ecs-tasks.amazonaws.com") + task_definition(CONTAINER % "", TASK_ROLE),
)

# A task without a public address in a subnet whose way out is an internet gateway.
_IN_SUBNET = service().replace('"subnet-0a1b2c3d4e5f60718"', "aws_subnet.app.id")
_PULLS = role("exec", managed=True) + task_definition(PRIVATE_CONTAINER % "", EXECUTION_ROLE)
_add(
    "amazon-ecs-agent#1266",
    "ECS828",
    NETWORK % PUBLIC + _PULLS + _IN_SUBNET,
    NETWORK % PRIVATE + _PULLS + _IN_SUBNET,
)

# Endpoints that do not admit the task's security group.
_ENDPOINTS = """
resource "aws_security_group" "task" {
  vpc_id = aws_vpc.main.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "endpoints" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    %s
  }
}
resource "aws_vpc_endpoint" "interface" {
  for_each            = toset(["ecr.api", "ecr.dkr", "logs"])
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-west-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.app.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.app.id]
}
"""
_GUARDED = _IN_SUBNET.replace(
    "aws_subnet.app.id]", "aws_subnet.app.id]\n    security_groups = [aws_security_group.task.id]"
)
_add(
    "terraform-aws-ecs-fargate-service#7",
    "ECS827",
    NETWORK % "" + _ENDPOINTS % "self = true" + _PULLS + _GUARDED,
    NETWORK % ""
    + _ENDPOINTS % "security_groups = [aws_security_group.task.id]"
    + _PULLS
    + _GUARDED,
)

# An address in the place of a Region.
_LOGS = LOGGING % ""
_add(
    "terraform-aws-serverless-static-wordpress#74",
    "ECS615",
    LOG_GROUP
    + role("exec", managed=True)
    + task_definition(
        CONTAINER % _LOGS.replace("eu-west-1", "http://shop.s3-website-eu-west-1.amazonaws.com"),
        EXECUTION_ROLE,
    ),
    LOG_GROUP + role("exec", managed=True) + task_definition(CONTAINER % _LOGS, EXECUTION_ROLE),
)
