"""Public reports of rules that are there and do not reach far enough: to a gateway, to a launch, to
tags."""

from __future__ import annotations

from further_reports import NETWORK, group, placed
from reported_stacks import (
    CONTAINER,
    EXECUTION_ROLE,
    PRIVATE_CONTAINER,
    PROVIDER,
    Reported,
    allow,
    role,
    service,
    task_definition,
)

RECENT: list[Reported] = []


def _add(name: str, rule: str, bad: str, mended: str) -> None:
    RECENT.append(Reported(name, rule, PROVIDER + bad, PROVIDER + mended))


# The tasks' security group lets them out to the endpoints' alone, and not to S3.
_ENDPOINTS = "".join(
    f"""
resource "aws_vpc_endpoint" "{service.replace(".", "_")}" {{
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.eu-west-1.{service}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints.id]
}}
"""
    for service in ("ecr.api", "ecr.dkr", "logs")
)
_GATEWAY = """
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.app.id]
  vpc_endpoint_type = "Gateway"
}
"""
_INWARD = (
    "  ingress {\n    from_port = 443\n    to_port = 443\n"
    '    protocol = "tcp"\n    cidr_blocks = ["10.0.0.0/16"]\n  }\n'
)
_OUTWARD = '  egress {\n    from_port = 443\n    to_port = 443\n    protocol = "tcp"\n    %s\n  }\n'
_TO_ENDPOINTS = _OUTWARD % "security_groups = [aws_security_group.endpoints.id]"
_TO_S3 = _OUTWARD % "prefix_list_ids = [aws_vpc_endpoint.s3.prefix_list_id]"
_CLOSED = (
    NETWORK % ""
    + _ENDPOINTS
    + _GATEWAY
    + group(_INWARD, "endpoints")
    + role("exec", managed=True)
    + task_definition(PRIVATE_CONTAINER % "", EXECUTION_ROLE)
    + placed(
        "    subnets = [aws_subnet.app.id]\n    security_groups = [aws_security_group.app.id]\n"
    )
)
_add(
    "guardbench-iac#4",
    "ECS827",
    _CLOSED + group(_TO_ENDPOINTS),
    _CLOSED + group(_TO_ENDPOINTS + _TO_S3),
)

# The cluster's default strategy gives its one provider no weight.
_STRATEGY = """
resource "aws_ecs_cluster" "c" {
  name = "c"
}
resource "aws_ecs_cluster_capacity_providers" "c" {
  cluster_name       = aws_ecs_cluster.c.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    %s
  }
}
"""
_BY_DEFAULT = task_definition(CONTAINER % "") + service().replace(
    '  launch_type = "FARGATE"\n', ""
).replace('"c"', "aws_ecs_cluster.c.id")
_add(
    "terraform-aws-ecs#27",
    "ECS815",
    _STRATEGY % "" + _BY_DEFAULT,
    _STRATEGY % "weight = 1" + _BY_DEFAULT,
)

# A state machine that tags the tasks it starts.
_TAGGING = """
resource "aws_sfn_state_machine" "m" {
  role_arn = aws_iam_role.m.arn
  definition = jsonencode({
    StartAt = "Run"
    States = {
      Run = {
        Type     = "Task"
        Resource = "arn:aws:states:::ecs:runTask"
        Parameters = {
          LaunchType     = "FARGATE"
          Cluster        = "jobs"
          TaskDefinition = aws_ecs_task_definition.app.arn
          Tags           = [{ Key = "team", Value = "billing" }]
          NetworkConfiguration = { AwsvpcConfiguration = { Subnets = ["subnet-0a1b2c3d4e5f60718"] } }
        }
        End = true
      }
    }
  })
}
"""
_JOB = role("exec", managed=True) + task_definition(PRIVATE_CONTAINER % "", EXECUTION_ROLE)
_MAY = allow("ecs:RunTask") + "," + allow("iam:PassRole", "aws_iam_role.exec.arn")
_add(
    "serverless-step-functions#656",
    "ECS821",
    _JOB + role("m", _MAY, svc="states.amazonaws.com") + _TAGGING,
    _JOB + role("m", _MAY + "," + allow("ecs:TagResource"), svc="states.amazonaws.com") + _TAGGING,
)

# The role of the stack's functions as task role, in a template that a tool puts together.
_TEMPLATE = """AWSTemplateFormatVersion: '2010-09-09'
Resources:
  IamRoleLambdaExecution:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Service: %s}
            Action: sts:AssumeRole
  MytaskTask:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: my-task
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: 0.5GB
      TaskRoleArn: !Sub '${IamRoleLambdaExecution}'
      ContainerDefinitions:
        - Name: my-task
          Image: public.ecr.aws/nginx/nginx:1
"""
RECENT.append(
    Reported(
        "serverless-fargate-tasks#11",
        "ECS501",
        _TEMPLATE % "lambda.amazonaws.com",
        _TEMPLATE % "[lambda.amazonaws.com, ecs-tasks.amazonaws.com]",
    )
)
