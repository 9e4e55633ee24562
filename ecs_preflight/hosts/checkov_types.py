"""The types of resources that checkov runs our checks on."""

from __future__ import annotations

#: The types that findings are about. checkov runs and logs each check for each resource of these.
TERRAFORM_TYPES = (
    "aws_ecs_capacity_provider",
    "aws_ecs_cluster",
    "aws_ecs_daemon",
    "aws_ecs_daemon_task_definition",
    "aws_ecs_express_gateway_service",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_ecs_task_set",
    "aws_iam_instance_profile",
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_role",
    "aws_iam_user",
    "aws_cloudwatch_event_target",
    "aws_scheduler_schedule",
    "aws_pipes_pipe",
    "aws_sfn_state_machine",
    "aws_launch_template",
    "aws_launch_configuration",
    "aws_instance",
    "aws_autoscaling_group",
    "aws_codedeploy_deployment_group",
    "aws_codepipeline",
    "aws_lambda_function",
    "aws_codebuild_project",
    "aws_ssm_activation",
)
CLOUDFORMATION_TYPES = (
    "AWS::ECS::CapacityProvider",
    "AWS::ECS::Cluster",
    "AWS::ECS::Daemon",
    "AWS::ECS::DaemonTaskDefinition",
    "AWS::ECS::ExpressGatewayService",
    "AWS::ECS::Gateway",
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::ECS::TaskSet",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::Events::Rule",
    "AWS::Scheduler::Schedule",
    "AWS::Pipes::Pipe",
    "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::StateMachine",
    "AWS::EC2::LaunchTemplate",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::EC2::Instance",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::CodePipeline::Pipeline",
    "AWS::Lambda::Function",
    "AWS::Serverless::Function",
    "AWS::CodeBuild::Project",
)

_TASKS = frozenset(
    {
        "aws_ecs_task_definition",
        "aws_ecs_daemon_task_definition",
        "aws_ecs_express_gateway_service",
        "AWS::ECS::TaskDefinition",
        "AWS::ECS::DaemonTaskDefinition",
        "AWS::ECS::ExpressGatewayService",
    }
)
_WITH_PROXIES = _TASKS | {"aws_ecs_service", "AWS::ECS::Service"}
#: Roles, what is attached to them, and what AWS SAM makes roles for.
_ROLES = frozenset(
    {
        "aws_iam_instance_profile",
        "aws_iam_policy",
        "aws_iam_policy_attachment",
        "aws_iam_role",
        "aws_iam_user",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::IAM::User",
        "AWS::Serverless::Function",
        "AWS::Serverless::StateMachine",
    }
)
#: The rules that speak of task definitions alone, of the logs and secrets that services have too,
#: for the proxies of Service Connect, and of roles alone.
_OF_TASKS = frozenset(
    (
        *("ECS601", "ECS602", *(f"ECS{number}" for number in range(608, 612))),
        *("ECS613", "ECS614", "ECS617"),
        *("ECS621", "ECS624", "ECS703", "ECS708", "ECS710", "ECS711", "ECS713"),
        *(f"ECS{number}" for number in range(801, 811)),
        *("ECS816", "ECS817"),
    )
)
_OF_PROXIES = frozenset(
    (*(f"ECS{number}" for number in range(603, 608)), "ECS612", "ECS615", "ECS616")
)
_OF_ROLES = frozenset(
    (
        *(f"ECS{number}" for number in range(501, 510)),
        *("ECS623", *(f"ECS{number}" for number in range(625, 635))),
        *("ECS712", "ECS822", "ECS823"),
    )
)
#: Those that speak of services, clusters and whatever else launches tasks, alone.
_OF_LAUNCHES = frozenset(
    (
        *("ECS510", "ECS622", "ECS701", "ECS702", "ECS704", "ECS705", "ECS706", "ECS707"),
        *("ECS709", "ECS714", "ECS811", "ECS813", "ECS814", "ECS821"),
        *("ECS826", "ECS827", "ECS828", "ECS829"),
    )
)
#: What launches tasks and is neither a role nor a mere task definition.
_LAUNCHES = frozenset((*TERRAFORM_TYPES, *CLOUDFORMATION_TYPES)) - {
    *(each for each in _ROLES if "Serverless" not in each),
    *(each for each in _TASKS if "xpress" not in each),
}


def types_of(rule: str, types: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the types the rule may have something to say of: checkov runs a check for each
    resource of its types, which costs more than to find that there is nothing to say. All of them
    for a rule that is not known to keep to one kind."""
    for rules, kind in (
        (_OF_TASKS, _TASKS),
        (_OF_PROXIES, _WITH_PROXIES),
        (_OF_ROLES, _ROLES),
        (_OF_LAUNCHES, _LAUNCHES),
    ):
        if rule in rules:
            return tuple(each for each in types if each in kind)
    return types
