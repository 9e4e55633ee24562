"""What the ECS agent and Fargate call with the execution role, and its harmless companions."""

from __future__ import annotations

from ..symbolic.globs import text_glob

#: Facts A1, A6, A11, B1, B3, C2, C6 to C12, D4; then what people grant along with them.
AGENT = (
    "ecr:GetAuthorizationToken",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:CreateLogGroup",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameters",
    "kms:Decrypt",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetBucketLocation",
    "fsx:DescribeFileSystems",
    "guardduty:SendSecurityTelemetry",
)
COMPANIONS = (
    "ecr:Describe*",
    "ecr:Get*",
    "ecr:List*",
    "ecr-public:Get*",
    "ecr-public:BatchCheck*",
    "sts:GetServiceBearerToken",
    "logs:Describe*",
    "logs:PutRetentionPolicy",
    "secretsmanager:DescribeSecret",
    "secretsmanager:List*",
    "secretsmanager:GetResourcePolicy",
    "ssm:GetParameter",
    "ssm:GetParametersByPath",
    "ssm:DescribeParameters",
    "ssm:GetParameterHistory",
    "kms:DescribeKey",
    "kms:GenerateDataKey*",
    "s3:List*",
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
)


def agent_may_use(pattern: str) -> bool:
    """May an action pattern of a statement be of use to the agent: does it match one of its
    actions, or lie within a companion?"""
    written = text_glob(pattern.lower().replace("[", "[[]"))
    return any(written.matches(action.lower()) for action in AGENT) or is_companion(pattern)


def is_companion(pattern: str) -> bool:
    """Does an action pattern lie within what is granted along with the agent's actions, and which
    the agent itself never calls (CDK's ``grantRead`` brings ``ssm:DescribeParameters``)?"""
    return any(text_glob(companion.lower()).matches(pattern.lower()) for companion in COMPANIONS)


#: What ECS, CodeDeploy or whoever deploys does by roles of their own, and no code in a container:
#: network interfaces, target groups, the agent of an instance, scaling, passing roles.
OF_ECS_ITSELF = (
    "ec2:*NetworkInterface*",
    "ec2:AuthorizeSecurityGroupIngress",
    "elasticloadbalancing:*",
    "ecs:RegisterContainerInstance",
    "ecs:DeregisterContainerInstance",
    "ecs:DiscoverPollEndpoint",
    "ecs:Poll",
    "ecs:StartTelemetrySession",
    "ecs:Submit*",
    "application-autoscaling:*",
    "iam:PassRole",
)


def only_ecs_uses(pattern: str) -> bool:
    """Does an action pattern lie within what only ECS itself, or a deployer, uses?"""
    return any(text_glob(each.lower()).matches(pattern.lower()) for each in OF_ECS_ITSELF)
