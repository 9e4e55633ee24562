"""Small stacks that stand for public reports, made of a few pieces of Terraform."""

from __future__ import annotations

from ecs_preflight.symbolic.records import dataclass


@dataclass(frozen=True)
class Reported:
    """A report's name, the rule that finds its cause, the stack as reported, and mended."""

    name: str
    rule: str
    bad: str
    mended: str


PROVIDER = """
provider "aws" {
  region = "eu-west-1"
}
data "aws_caller_identity" "me" {}
data "aws_iam_policy_document" "t" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
"""


def role(n: str, stmts: str = "", managed: bool = False, svc: str = "") -> str:
    trusted = (
        'jsonencode({Version="2012-10-17",Statement=[{Effect="Allow",Action="sts:AssumeRole",'
        f'Principal={{Service="{svc}"}}}}]}})'
    )
    trust = trusted if svc else "data.aws_iam_policy_document.t.json"
    s = f'''
resource "aws_iam_role" "{n}" {{
  name = "{n}"
  assume_role_policy = {trust}
}}
'''
    if managed:
        s += f'''
resource "aws_iam_role_policy_attachment" "{n}" {{
  role = aws_iam_role.{n}.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}}
'''
    if stmts:
        s += f'''
resource "aws_iam_role_policy" "{n}" {{
  role = aws_iam_role.{n}.id
  policy = jsonencode({{Version="2012-10-17",Statement=[{stmts}]}})
}}
'''
    return s


def task_definition(
    container: str, extra: str = "", compat: str = '["FARGATE"]', n: str = "app"
) -> str:
    return f'''
resource "aws_ecs_task_definition" "{n}" {{
  family = "{n}"
  requires_compatibilities = {compat}
  network_mode = "awsvpc"
  cpu = 256
  memory = 512
{extra}
  container_definitions = jsonencode([{container}])
}}
'''


EXECUTION_ROLE = "  execution_role_arn = aws_iam_role.exec.arn\n"
TASK_ROLE = "  task_role_arn = aws_iam_role.task.arn\n"
CONTAINER = '{name="app",image="public.ecr.aws/nginx/nginx:1"%s}'
PRIVATE_CONTAINER = '{name="app",image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1"%s}'
LOGGING = ',logConfiguration={logDriver="awslogs",options={"awslogs-group"="/ecs/app","awslogs-region"="eu-west-1","awslogs-stream-prefix"="a"%s}}'
LOG_GROUP = """
resource "aws_cloudwatch_log_group" "g" {
  name = "/ecs/app"
}
"""


def service(extra: str = "") -> str:
    return f"""
resource "aws_ecs_service" "app" {{
  name = "app"
  cluster = "c"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type = "FARGATE"
  network_configuration {{
    subnets = ["subnet-0a1b2c3d4e5f60718"]
  }}
{extra}}}
"""


def allow(actions: str, resource: str = '"*"') -> str:
    """A statement that allows the actions, which blanks part."""
    listed = ",".join(f'"{action}"' for action in actions.split())
    return f'{{Effect="Allow",Action=[{listed}],Resource={resource}}}'


EXEC_CHANNEL = allow(
    "ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel"
)
EVENTS = '{Effect="Allow",Action="ecs:RunTask",Resource="*"},{Effect="Allow",Action="iam:PassRole",Resource=[%s]}'


def target(extra: str = "") -> str:
    return f"""
resource "aws_cloudwatch_event_target" "t" {{
  rule = "r"
  arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/c"
  role_arn = aws_iam_role.ev.arn
  ecs_target {{
    task_definition_arn = aws_ecs_task_definition.app.arn
    launch_type = "FARGATE"
    network_configuration {{
      subnets = ["subnet-0a1b2c3d4e5f60718"]
    }}
{extra}  }}
}}
"""


REPORTS: list[Reported] = []


def add(name: str, rule: str, bad: str, mended: str) -> None:
    REPORTS.append(Reported(name, rule, PROVIDER + bad, PROVIDER + mended))


add(
    "nathanpeck/aws-cloudformation-fargate#1",
    "ECS601",
    task_definition(PRIVATE_CONTAINER % ""),
    role("exec", managed=True) + task_definition(PRIVATE_CONTAINER % "", EXECUTION_ROLE),
)
add(
    "virtual-kubelet#193",
    "ECS601",
    task_definition(CONTAINER % (LOGGING % "")) + LOG_GROUP,
    role("exec", managed=True)
    + task_definition(CONTAINER % (LOGGING % ""), EXECUTION_ROLE)
    + LOG_GROUP,
)
add(
    "aws-cdk#16093",
    "ECS821",
    role("exec", managed=True)
    + role("task")
    + task_definition(CONTAINER % "", EXECUTION_ROLE + TASK_ROLE)
    + role("ev", EVENTS % "aws_iam_role.task.arn", svc="events.amazonaws.com")
    + target(),
    role("exec", managed=True)
    + role("task")
    + task_definition(CONTAINER % "", EXECUTION_ROLE + TASK_ROLE)
    + role("ev", EVENTS % "aws_iam_role.task.arn,aws_iam_role.exec.arn", svc="events.amazonaws.com")
    + target(),
)
tg = '    tags = { team = "x" }\n'
add(
    "aws-cdk#28854",
    "ECS821",
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role("ev", EVENTS % "aws_iam_role.exec.arn", svc="events.amazonaws.com")
    + target(tg),
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role(
        "ev",
        EVENTS % "aws_iam_role.exec.arn" + "," + allow("ecs:TagResource"),
        svc="events.amazonaws.com",
    )
    + target(tg),
)
mt = "    enable_ecs_managed_tags = true\n"
add(
    "cn-terraform/terraform-aws-ecs-fargate-scheduled-task#42",
    "ECS821",
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role("ev", EVENTS % "aws_iam_role.exec.arn", svc="events.amazonaws.com")
    + target('    propagate_tags = "TASK_DEFINITION"\n'),
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role(
        "ev",
        EVENTS % "aws_iam_role.exec.arn" + "," + allow("ecs:TagResource"),
        svc="events.amazonaws.com",
    )
    + target('    propagate_tags = "TASK_DEFINITION"\n'),
)
add(
    "cn-terraform/terraform-aws-ecs-fargate-scheduled-task#42 (managed tags)",
    "ECS821",
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role("ev", EVENTS % "aws_iam_role.exec.arn", svc="events.amazonaws.com")
    + target(mt),
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role(
        "ev",
        EVENTS % "aws_iam_role.exec.arn" + "," + allow("ecs:TagResource"),
        svc="events.amazonaws.com",
    )
    + target(mt),
)
fs = """
resource "aws_efs_file_system" "f" {}
resource "aws_efs_file_system_policy" "f" {
  file_system_id = aws_efs_file_system.f.id
  policy = jsonencode({Version="2012-10-17",Statement=[{Effect="Allow",Principal={AWS="*"},Action=[%s],Condition={Bool={"elasticfilesystem:AccessedViaMountTarget"="true"}}}]})
}
"""
ev = """
  volume {
    name = "v"
    efs_volume_configuration {
      file_system_id = aws_efs_file_system.f.id
      transit_encryption = "ENABLED"
    }
  }
"""
m = ',mountPoints=[{sourceVolume="v",containerPath="/v"}]'
add(
    "aws-cdk-examples#920",
    "ECS805",
    fs % '"elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"'
    + task_definition(CONTAINER % m, ev),
    fs % '"elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"'
    + task_definition(CONTAINER % m, ev),
)
ew = ev.replace(
    'transit_encryption = "ENABLED"',
    'transit_encryption = "ENABLED"\n      authorization_config {\n        iam = "ENABLED"\n      }',
)
fr = (fs % '"elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"').replace(
    'Principal={AWS="*"}', "Principal={AWS=aws_iam_role.other.arn}"
) + role("other")
add(
    "amazon-ecs-agent#4714",
    "ECS805",
    role("task") + fr + task_definition(CONTAINER % m, ew + TASK_ROLE),
    role("task", allow("elasticfilesystem:ClientMount elasticfilesystem:ClientWrite"))
    + fr
    + task_definition(CONTAINER % m, ew + TASK_ROLE),
)
add(
    "docker-curriculum#260",
    "ECS614",
    role("exec", managed=True)
    + LOG_GROUP.replace("/ecs/app", "/ecs/foodtrucks")
    + task_definition(CONTAINER % (LOGGING % ""), EXECUTION_ROLE),
    role("exec", managed=True)
    + LOG_GROUP
    + task_definition(CONTAINER % (LOGGING % ""), EXECUTION_ROLE),
)
add(
    "aws-cdk#5954",
    "ECS603",
    role(
        "exec",
        '{Effect="Allow",Action=["logs:CreateLogStream","logs:PutLogEvents"],Resource="arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/app"}',
    )
    + LOG_GROUP
    + task_definition(CONTAINER % (LOGGING % ""), EXECUTION_ROLE),
    role(
        "exec",
        '{Effect="Allow",Action=["logs:CreateLogStream","logs:PutLogEvents"],Resource="arn:aws:logs:eu-west-1:*:log-group:/ecs/app:*"}',
    )
    + LOG_GROUP
    + task_definition(CONTAINER % (LOGGING % ""), EXECUTION_ROLE),
)
add(
    "amazon-ecs-cli#463",
    "ECS807",
    task_definition(CONTAINER % "").replace("memory = 512", "memory = 8192"),
    task_definition(CONTAINER % ""),
)
add(
    "amazon-ecs-cli#1145",
    "ECS807",
    task_definition(CONTAINER % "").replace('network_mode = "awsvpc"', 'network_mode = "bridge"'),
    task_definition(CONTAINER % ""),
)
add(
    "mongodb/terraform-aws-ecs-task-definition#38",
    "ECS807",
    task_definition(CONTAINER % "").replace("  cpu = 256\n", ""),
    task_definition(CONTAINER % ""),
)
add(
    "klotho#892 host port",
    "ECS815",
    task_definition(CONTAINER % ",portMappings=[{containerPort=80,hostPort=8080}]"),
    task_definition(CONTAINER % ",portMappings=[{containerPort=80,hostPort=80}]"),
)
two = '{name="app",image="nginx",dependsOn=[{containerName="init",condition="SUCCESS"}]},{name="init",image="alpine",essential=%s}'
add(
    "klotho#892 dependency", "ECS816", task_definition(two % "true"), task_definition(two % "false")
)
add(
    "muya/amazon-ecs-run-task#7",
    "ECS815",
    task_definition(CONTAINER % ",memory=128", compat='["EC2"]').replace('"awsvpc"', '"bridge"')
    + service().replace('"FARGATE"', '"EC2"'),
    task_definition(CONTAINER % ",memory=128", compat='["EC2"]')
    + service().replace('"FARGATE"', '"EC2"'),
)
add(
    "oranmoshai/ecsServiceRestart#2",
    "ECS815",
    task_definition(CONTAINER % ",memory=128", compat='["EC2"]') + service(),
    task_definition(CONTAINER % "") + service(),
)
add(
    "aws-sdk-js#3686",
    "ECS823",
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role(
        "web",
        '{Effect="Allow",Action=["ecs:RunTask","ecs:StopTask"],Resource=["arn:aws:ecs:eu-west-1:*:task-definition/app:*","arn:aws:ecs:eu-west-1:*:task/*"]}',
        svc="ec2.amazonaws.com",
    ),
    role("exec", managed=True)
    + task_definition(CONTAINER % "", EXECUTION_ROLE)
    + role(
        "web",
        '{Effect="Allow",Action=["ecs:RunTask","ecs:StopTask"],Resource=["arn:aws:ecs:eu-west-1:*:task-definition/app:*","arn:aws:ecs:eu-west-1:*:task/*"]},{Effect="Allow",Action="iam:PassRole",Resource=aws_iam_role.exec.arn,Condition={StringEquals={"iam:PassedToService"="ecs-tasks.amazonaws.com"}}}',
        svc="ec2.amazonaws.com",
    ),
)
sec = ',secrets=[{name="K",valueFrom="arn:aws:ssm:eu-west-1:123456789012:parameter/k"}]'
add(
    "aws-fargate-pipeline-lambda-autoscaling#3 (GetParameters)",
    "ECS606",
    role("exec", managed=True) + task_definition(CONTAINER % sec, EXECUTION_ROLE),
    role("exec", allow("ssm:GetParameters"), managed=True)
    + task_definition(CONTAINER % sec, EXECUTION_ROLE),
)
x = "  enable_execute_command = true\n"
ro = ",readonlyRootFilesystem=true"
add(
    "amazon-ecs-exec-checker#47 (read-only root)",
    "ECS703",
    role("task", EXEC_CHANNEL) + task_definition(CONTAINER % ro, TASK_ROLE) + service(x),
    role("task", EXEC_CHANNEL) + task_definition(CONTAINER % "", TASK_ROLE) + service(x),
)
k = ',environment=[{name="AWS_ACCESS_KEY_ID",value="AKIAIOSFODNN7EXAMPLE"}]'
add(
    "amazon-ecs-agent#4562 (keys in environment)",
    "ECS710",
    role("task", EXEC_CHANNEL) + task_definition(CONTAINER % k, TASK_ROLE) + service(x),
    role("task", EXEC_CHANNEL) + task_definition(CONTAINER % "", TASK_ROLE) + service(x),
)
add(
    "terraform-aws-eventbridge#178 (PassRole both)",
    "ECS821",
    role("exec", managed=True)
    + role("task")
    + task_definition(CONTAINER % "", EXECUTION_ROLE + TASK_ROLE)
    + role(
        "ev",
        '{Effect="Allow",Action="ecs:RunTask",Resource=aws_ecs_task_definition.app.arn},{Effect="Allow",Action="iam:PassRole",Resource=aws_iam_role.exec.arn}',
        svc="events.amazonaws.com",
    )
    + target(),
    role("exec", managed=True)
    + role("task")
    + task_definition(CONTAINER % "", EXECUTION_ROLE + TASK_ROLE)
    + role(
        "ev",
        '{Effect="Allow",Action="ecs:RunTask",Resource=aws_ecs_task_definition.app.arn},{Effect="Allow",Action="iam:PassRole",Resource=[aws_iam_role.exec.arn,aws_iam_role.task.arn]}',
        svc="events.amazonaws.com",
    )
    + target(),
)
