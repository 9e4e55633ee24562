"""Generated code to measure on: flat stacks of so many services, each with its roles, policies,
secret, log group and task definition, in either language. They could be deployed, so that nothing
is found in them."""

from __future__ import annotations

import json
from pathlib import Path

_SHARED = """\
provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_ecs_cluster" "main" {
  name = "main"
}
"""
_SERVICE = """\
resource "aws_iam_role" "exec_@" {
  name               = "svc@-exec"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "task_@" {
  name               = "svc@-task"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "exec_@" {
  role       = aws_iam_role.exec_@.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_secretsmanager_secret" "db_@" {
  name = "svc@/db"
}

resource "aws_iam_role_policy" "exec_@" {
  role = aws_iam_role.exec_@.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = aws_secretsmanager_secret.db_@.arn
    }]
  })
}

resource "aws_cloudwatch_log_group" "svc_@" {
  name = "/ecs/svc@"
}

resource "aws_ecs_task_definition" "svc_@" {
  family                   = "svc@"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.exec_@.arn
  task_role_arn            = aws_iam_role.task_@.arn
  container_definitions = jsonencode([{
    name    = "app"
    image   = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/svc@:1"
    secrets = [{ name = "DB", valueFrom = aws_secretsmanager_secret.db_@.arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.svc_@.name
        awslogs-region        = "eu-west-1"
        awslogs-stream-prefix = "app"
      }
    }
  }])
}

resource "aws_ecs_service" "svc_@" {
  name            = "svc@"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.svc_@.arn
  launch_type     = "FARGATE"
  desired_count   = 1

  network_configuration {
    subnets         = ["subnet-0a1b2c3d"]
    security_groups = ["sg-0a1b2c3d"]
  }
}
"""

_TEMPLATE_SERVICE = """\
  Exec@:
    Type: AWS::IAM::Role
    Properties:
      RoleName: svc@-exec
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: ecs-tasks.amazonaws.com}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
      Policies:
        - PolicyName: secret
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: secretsmanager:GetSecretValue
                Resource: !Ref Secret@
  Task@:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: ecs-tasks.amazonaws.com}
            Action: sts:AssumeRole
  Secret@:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: svc@/db
  Logs@:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: /ecs/svc@
  Definition@:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: svc@
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: "256"
      Memory: "512"
      ExecutionRoleArn: !GetAtt Exec@.Arn
      TaskRoleArn: !GetAtt Task@.Arn
      ContainerDefinitions:
        - Name: app
          Image: !Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/svc@:1"
          Secrets:
            - Name: DB
              ValueFrom: !Ref Secret@
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: !Ref Logs@
              awslogs-region: !Ref AWS::Region
              awslogs-stream-prefix: app
  Service@:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !Ref Definition@
      LaunchType: FARGATE
      DesiredCount: 1
      NetworkConfiguration:
        AwsvpcConfiguration:
          Subnets: [subnet-0a1b2c3d]
          SecurityGroups: [sg-0a1b2c3d]
"""


def terraform(folder: Path, services: int) -> Path:
    """A root module with a file for each service."""
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text(_SHARED)
    for number in range(services):
        (folder / f"svc{number}.tf").write_text(_SERVICE.replace("@", str(number)))
    return folder


def cloudformation(folder: Path, services: int) -> Path:
    """One template."""
    folder.mkdir(parents=True)
    written = "".join(_TEMPLATE_SERVICE.replace("@", str(n)) for n in range(services))
    template = folder / "template.yaml"
    template.write_text(f"Resources:\n  Cluster:\n    Type: AWS::ECS::Cluster\n{written}")
    return template


def without_ecs(folder: Path, files: int) -> Path:
    """A repository without anything of ECS: Terraform, workflows, data."""
    folder.mkdir(parents=True)
    for number in range(files):
        (folder / f"bucket{number}.tf").write_text(
            f'resource "aws_s3_bucket" "b{number}" {{\n  bucket = "b{number}"\n}}\n'
        )
        (folder / f"values{number}.yaml").write_text(f"name: b{number}\nreplicas: {number}\n")
        (folder / f"data{number}.json").write_text(json.dumps({"rows": list(range(500))}))
    return folder
