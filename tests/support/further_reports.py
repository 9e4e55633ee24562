"""More public reports as small stacks: what keeps tasks from their registry, balancer and disks."""

from __future__ import annotations

from reported_stacks import (
    CONTAINER,
    EXECUTION_ROLE,
    LOGGING,
    PRIVATE_CONTAINER,
    PROVIDER,
    Reported,
    role,
    service,
    task_definition,
)

NETWORK = """
resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "app" {
  vpc_id = aws_vpc.main.id
  %s
}
resource "aws_route_table_association" "app" {
  subnet_id      = aws_subnet.app.id
  route_table_id = aws_route_table.app.id
}
"""
PUBLIC = 'route {\n    cidr_block = "0.0.0.0/0"\n    gateway_id = aws_internet_gateway.main.id\n  }'
PRIVATE = 'route {\n    cidr_block = "0.0.0.0/0"\n    nat_gateway_id = "nat-0a1b2c3d4e5f60718"\n  }'


def group(rules: str, name: str = "app") -> str:
    return f'\nresource "aws_security_group" "{name}" {{\n{rules}}}\n'


def rule(way: str, port: int, protocol: str = "tcp") -> str:
    return (
        f"  {way} {{\n    from_port = {port}\n    to_port = {port}\n"
        f'    protocol = "{protocol}"\n    cidr_blocks = ["0.0.0.0/0"]\n  }}\n'
    )


OUT = rule("egress", 0, "-1")


def placed(network: str, extra: str = "") -> str:
    """The service in a network of the stack's."""
    return service(extra).replace('    subnets = ["subnet-0a1b2c3d4e5f60718"]\n', network)


IN_SUBNET = "    subnets = [aws_subnet.app.id]\n"
IN_GROUP = '    subnets = ["subnet-0a1b2c3d4e5f60718"]\n    security_groups = [%s]\n'
OWN = IN_GROUP % "aws_security_group.app.id"
PORT = ",portMappings=[{containerPort=80}]"
BALANCED = """
  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 80
  }
"""


def target_group(kind: str) -> str:
    return (
        '\nresource "aws_lb_target_group" "app" {\n  port = 80\n  protocol = "HTTP"\n'
        f'  vpc_id = "vpc-0a1b2c3d4e5f60718"\n  target_type = "{kind}"\n}}\n'
        'resource "aws_lb_listener" "app" {\n  port = 80\n'
        '  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/'
        'app/a/b"\n  default_action {\n    type = "forward"\n'
        "    target_group_arn = aws_lb_target_group.app.arn\n  }\n}\n"
    )


PULLING = role("exec", managed=True) + task_definition(PRIVATE_CONTAINER % "", EXECUTION_ROLE)
LOGGED = role("exec", managed=True) + "%s"
EFS = """
resource "aws_efs_file_system" "f" {}
"""
MOUNTED = """
  volume {
    name = "v"
    efs_volume_configuration {
      file_system_id = aws_efs_file_system.f.id
    }
  }
"""
TARGET = """
resource "aws_efs_mount_target" "f" {
  file_system_id  = aws_efs_file_system.f.id
  subnet_id       = aws_subnet.app.id
  security_groups = [aws_security_group.efs.id]
}
"""
ON_EFS = EFS + task_definition(
    CONTAINER % ',mountPoints=[{sourceVolume="v",containerPath="/v"}]', MOUNTED
)
IN_PRIVATE = NETWORK % PRIVATE + placed(IN_SUBNET)
CLUSTER = """
resource "aws_ecs_cluster" "c" {
  name = "c"
}
resource "aws_ecs_cluster_capacity_providers" "c" {
  cluster_name       = aws_ecs_cluster.c.name
  capacity_providers = [%s]
}
"""
ON_SPOT = task_definition(CONTAINER % "") + service(
    '  capacity_provider_strategy {\n    capacity_provider = "FARGATE_SPOT"\n    weight = 1\n  }\n'
).replace('  launch_type = "FARGATE"\n', "").replace('"c"', "aws_ecs_cluster.c.id")
EC2 = task_definition(CONTAINER % (",memory=128" + PORT), compat='["EC2"]').replace(
    '  network_mode = "awsvpc"\n', ""
)
ON_EC2 = (
    service(BALANCED)
    .replace('"FARGATE"', '"EC2"')
    .replace('  network_configuration {\n    subnets = ["subnet-0a1b2c3d4e5f60718"]\n  }\n', "")
)
CONNECTED = """
  service_connect_configuration {
    enabled   = true
    namespace = "shop"
    service {
      port_name = "http-80-tcp"
      client_alias {
        port = 80
      }
    }
  }
"""
NAMED = ',portMappings=[{name="http-80-tcp",containerPort=80}]'
TEMPLATE = """
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: bridge
      ContainerDefinitions:
        - {Name: app, Image: nginx, Memory: 128, PortMappings: [{ContainerPort: 80}]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-0a1b2c3d4e5f60718}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/b
      Port: 80
      Protocol: HTTP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Service:
    Type: AWS::ECS::Service
%s    Properties:
      Cluster: c
      LaunchType: EC2
      TaskDefinition: !Ref Task
      LoadBalancers: [{TargetGroupArn: !Ref Targets, ContainerName: app, ContainerPort: 80}]
"""
OPTION = '"awslogs-region"="eu-west-1",%s,'
LOG_TASK = task_definition(CONTAINER % (LOGGING % ""), EXECUTION_ROLE)


def with_option(option: str) -> str:
    return LOG_TASK.replace('"awslogs-region"="eu-west-1",', OPTION % option)


ROLE = role("exec", managed=True)


def report(name: str, rule_id: str, bad: str, mended: str) -> Reported:
    return Reported(name, rule_id, PROVIDER + bad, PROVIDER + mended)


FURTHER = [
    report(
        "aws-samples/generative-ai-sagemaker-cdk-demo#4 (egress)",
        "ECS828",
        PULLING + group(rule("ingress", 80)) + placed(OWN),
        PULLING + group(rule("ingress", 80) + rule("egress", 443)) + placed(OWN),
    ),
    report(
        "doctorray117/minecraft-ondemand#74 (public subnet without an address)",
        "ECS828",
        PULLING + NETWORK % PUBLIC + placed(IN_SUBNET),
        PULLING + NETWORK % PUBLIC + placed(IN_SUBNET + "    assign_public_ip = true\n"),
    ),
    report(
        "aws-samples/aws-fargate-pipeline-lambda-autoscaling#3 (no route)",
        "ECS828",
        PULLING + NETWORK % "" + placed(IN_SUBNET),
        PULLING + IN_PRIVATE,
    ),
    report(
        "telia-oss/terraform-aws-ecs-fargate#57 (ingress)",
        "ECS829",
        task_definition(CONTAINER % PORT) + group(OUT) + target_group("ip") + placed(OWN, BALANCED),
        task_definition(CONTAINER % PORT)
        + group(OUT + rule("ingress", 80))
        + target_group("ip")
        + placed(OWN, BALANCED),
    ),
    report(
        "terraform-provider-aws#11723 (target type)",
        "ECS815",
        task_definition(CONTAINER % PORT) + target_group("instance") + service(BALANCED),
        task_definition(CONTAINER % PORT) + target_group("ip") + service(BALANCED),
    ),
    report(
        "terraform#24266 (target type, default network mode)",
        "ECS815",
        EC2 + target_group("ip") + ON_EC2,
        EC2 + target_group("instance") + ON_EC2,
    ),
    report(
        "dask-cloudprovider#328",
        "ECS815",
        CLUSTER % '"FARGATE"' + ON_SPOT,
        CLUSTER % '"FARGATE", "FARGATE_SPOT"' + ON_SPOT,
    ),
    report(
        "efs-utils#90 (mount target)",
        "ECS817",
        ON_EFS + IN_PRIVATE,
        ON_EFS + IN_PRIVATE + group(rule("ingress", 2049) + OUT, "efs") + TARGET,
    ),
    report(
        "strongdm/accessbot#282 (NFS port)",
        "ECS817",
        ON_EFS + IN_PRIVATE + group(rule("ingress", 443) + OUT, "efs") + TARGET,
        ON_EFS + IN_PRIVATE + group(rule("ingress", 2049) + OUT, "efs") + TARGET,
    ),
    report(
        "aws-cdk#24629 (CPU)",
        "ECS816",
        task_definition(CONTAINER % ",cpu=512"),
        task_definition(CONTAINER % ",cpu=256"),
    ),
    report(
        "pulumi-awsx#1220 (memory)",
        "ECS816",
        task_definition(CONTAINER % ",memory=2048"),
        task_definition(CONTAINER % ",memory=512"),
    ),
    report(
        "localstack#2601 (image by ARN)",
        "ECS617",
        task_definition(
            CONTAINER.replace(
                "public.ecr.aws/nginx/nginx:1",
                "arn:aws:ecr:us-east-1:123456789012:repository/my-webapp",
            )
            % ""
        ),
        task_definition(CONTAINER % ""),
    ),
    report(
        "tflint-ruleset-aws#348 (create-group false)",
        "ECS807",
        ROLE + with_option('"awslogs-create-group"="false"'),
        ROLE + LOG_TASK,
    ),
    report(
        "amazon-ecs-firelens-examples#83 (option of another driver)",
        "ECS807",
        ROLE + with_option('"log_key"="log"'),
        ROLE + LOG_TASK,
    ),
    report(
        "cloudposse/terraform-aws-ecs-container-definition#162 (port name)",
        "ECS815",
        task_definition(CONTAINER % PORT) + service(CONNECTED),
        task_definition(CONTAINER % NAMED) + service(CONNECTED),
    ),
    Reported(
        "aws-cdk#1160 (listener)", "ECS826", TEMPLATE % "", TEMPLATE % "    DependsOn: Listener\n"
    ),
]
