"""The resource types that matter, in both languages: how each is read and what it is called.

One row for one kind of resource. A new type is a row here, a class in ``model/`` where it has facts
of its own, and a reader where none of those there serves; what ``Ref``, ``Fn::GetAtt`` and computed
attributes return beside name and ARN stands in the ``attributes`` of either front end.

Sources: the CloudFormation Template Reference (return values), the documentation of Terraform's AWS
provider (attribute reference), the Service Authorization Reference (ARNs).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..model import Bucket, FileSystem, Key, Repository, ServiceRole, StoredSecret
from . import (
    clusters,
    identities,
    instances,
    launches,
    network,
    roles,
    security_groups,
    service_roles,
    state_machines,
    storage,
    targets,
    tasks,
    users,
)
from .reading import Reader
from .rows import ResourceType, cloudformation, terraform

RESOURCE_TYPES: tuple[ResourceType, ...] = (
    terraform("aws_ecs_task_definition", tasks.task_definition),
    cloudformation("AWS::ECS::TaskDefinition", tasks.task_definition),
    terraform("aws_ecs_daemon_task_definition", tasks.daemon_task_definition),
    cloudformation("AWS::ECS::DaemonTaskDefinition", tasks.daemon_task_definition),
    terraform("aws_ecs_express_gateway_service", tasks.express_service),
    cloudformation("AWS::ECS::ExpressGatewayService", tasks.express_service),
    terraform("aws_ecs_service", launches.service),
    cloudformation("AWS::ECS::Service", launches.service),
    terraform("aws_ecs_task_set", launches.task_set),
    cloudformation("AWS::ECS::TaskSet", launches.task_set),
    terraform("aws_ecs_daemon", launches.daemon),
    cloudformation("AWS::ECS::Daemon", launches.daemon),
    terraform("data.aws_ecs_task_execution", launches.run_task),
    terraform("aws_cloudwatch_event_target", targets.event_target),
    terraform("aws_cloudwatch_event_rule", identity=identities.EVENT_RULE),
    cloudformation("AWS::Events::Rule", targets.event_rule, identities.EVENT_RULE),
    terraform("aws_scheduler_schedule_group", identity=identities.SCHEDULE_GROUP),
    cloudformation("AWS::Scheduler::ScheduleGroup", identity=identities.SCHEDULE_GROUP),
    terraform("aws_scheduler_schedule", targets.schedule),
    cloudformation("AWS::Scheduler::Schedule", targets.schedule),
    terraform("aws_pipes_pipe", targets.pipe, identities.PIPE, name="name id"),
    cloudformation("AWS::Pipes::Pipe", targets.pipe, identities.PIPE),
    terraform(
        "aws_sfn_state_machine",
        state_machines.state_machine,
        identities.STATE_MACHINE,
        arn="arn id",
    ),
    cloudformation(
        "AWS::StepFunctions::StateMachine AWS::Serverless::StateMachine",
        state_machines.state_machine,
        identities.STATE_MACHINE,
        arn="Ref Arn",
        name="Name",
    ),
    terraform(
        "aws_lb_target_group aws_alb_target_group",
        launches.target_group,
        identities.TARGET_GROUP,
        arn="arn id",
    ),
    cloudformation(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        launches.target_group,
        identities.TARGET_GROUP,
        arn="Ref TargetGroupArn",
        name="",
    ),
    terraform(
        "aws_lb_listener aws_alb_listener aws_lb_listener_rule aws_alb_listener_rule",
        launches.listener,
    ),
    cloudformation(
        "AWS::ElasticLoadBalancingV2::Listener AWS::ElasticLoadBalancingV2::ListenerRule",
        launches.listener,
    ),
    terraform("aws_lb aws_alb", launches.load_balancer),
    cloudformation("AWS::ElasticLoadBalancingV2::LoadBalancer", launches.load_balancer),
    terraform("aws_service_discovery_service", network.discovery_service),
    cloudformation("AWS::ServiceDiscovery::Service", network.discovery_service),
    terraform("aws_ecs_cluster", clusters.cluster, identities.CLUSTER, arn="arn id"),
    cloudformation("AWS::ECS::Cluster", clusters.cluster, identities.CLUSTER),
    terraform("aws_ecs_cluster_capacity_providers", clusters.cluster_capacity_providers),
    cloudformation(
        "AWS::ECS::ClusterCapacityProviderAssociations", clusters.cluster_capacity_providers
    ),
    terraform(
        "aws_ecs_capacity_provider",
        clusters.capacity_provider,
        identities.CAPACITY_PROVIDER,
        arn="arn id",
    ),
    cloudformation(
        "AWS::ECS::CapacityProvider",
        clusters.capacity_provider,
        identities.CAPACITY_PROVIDER,
        arn="",
    ),
    terraform(
        "aws_iam_role",
        roles.role("inline_policy", "managed_policy_arns", exclusive=True),
        identities.ROLE,
        name="name id",
    ),
    cloudformation("AWS::IAM::Role", roles.role("Policies", "ManagedPolicyArns"), identities.ROLE),
    terraform("aws_iam_user", users.user, identities.USER, name="name id"),
    cloudformation("AWS::IAM::User", users.user, identities.USER),
    terraform("aws_iam_group", users.group, identities.GROUP, name="name id"),
    cloudformation("AWS::IAM::Group", users.group, identities.GROUP),
    terraform("aws_iam_user_group_membership aws_iam_group_membership", users.membership),
    cloudformation("AWS::IAM::UserToGroupAddition", users.membership),
    terraform("aws_iam_role_policy aws_iam_user_policy aws_iam_group_policy", roles.inline_policy),
    cloudformation("AWS::IAM::Policy AWS::IAM::RolePolicy", roles.inline_policy),
    cloudformation("AWS::IAM::UserPolicy AWS::IAM::GroupPolicy", roles.inline_policy),
    terraform("aws_iam_policy", roles.managed_policy, identities.POLICY, arn="arn id"),
    cloudformation(
        "AWS::IAM::ManagedPolicy",
        roles.managed_policy,
        identities.POLICY,
        arn="Ref PolicyArn",
        name="",
    ),
    terraform("aws_iam_role_policy_attachment aws_iam_user_policy_attachment", roles.attachment),
    terraform("aws_iam_group_policy_attachment aws_iam_policy_attachment", roles.attachment),
    terraform("aws_iam_role_policies_exclusive", roles.exclusive_names),
    terraform(
        "aws_iam_role_policy_attachments_exclusive aws_iam_user_policy_attachments_exclusive",
        roles.exclusive_attachments,
    ),
    terraform("aws_iam_group_policy_attachments_exclusive", roles.exclusive_attachments),
    terraform(
        "aws_iam_instance_profile",
        roles.instance_profile,
        identities.INSTANCE_PROFILE,
        name="name id",
    ),
    cloudformation(
        "AWS::IAM::InstanceProfile", roles.instance_profile, identities.INSTANCE_PROFILE
    ),
    terraform("data.aws_iam_role", roles.named_role),
    terraform("aws_secretsmanager_secret", storage.secret, identities.SECRET, arn="arn id"),
    cloudformation(
        "AWS::SecretsManager::Secret", storage.secret, identities.SECRET, arn="Ref Id", name=""
    ),
    terraform("aws_secretsmanager_secret_policy", storage.policy_of(StoredSecret, "SecretArn")),
    cloudformation(
        "AWS::SecretsManager::ResourcePolicy", storage.policy_of(StoredSecret, "SecretId")
    ),
    terraform("aws_db_instance", storage.db_instance),
    cloudformation("AWS::RDS::DBInstance", storage.db_instance),
    terraform("aws_rds_cluster", storage.db_cluster),
    cloudformation("AWS::RDS::DBCluster", storage.db_cluster),
    terraform("aws_ssm_parameter", storage.parameter, identities.PARAMETER, name="name id"),
    cloudformation("AWS::SSM::Parameter", storage.parameter, identities.PARAMETER, arn=""),
    terraform("aws_kms_key aws_kms_external_key", storage.key, identities.KEY, name="key_id id"),
    cloudformation("AWS::KMS::Key", storage.key, identities.KEY, name="Ref KeyId"),
    terraform(
        "aws_kms_replica_key aws_kms_replica_external_key",
        storage.replica_key,
        identities.KEY,
        name="key_id id",
    ),
    cloudformation("AWS::KMS::ReplicaKey", storage.replica_key, identities.KEY, name="Ref KeyId"),
    terraform("aws_kms_key_policy", storage.policy_of(Key, "KeyId")),
    terraform("aws_kms_grant", storage.key_grant),
    terraform("aws_kms_alias", storage.key_alias, identities.ALIAS, name="name id"),
    cloudformation("AWS::KMS::Alias", storage.key_alias, identities.ALIAS, arn=""),
    terraform("aws_cloudwatch_log_group", storage.log_group, identities.LOG_GROUP, name="name id"),
    # Unlike Terraform's, this ARN ends in ":*" (facts B5).
    cloudformation("AWS::Logs::LogGroup", storage.log_group, identities.LOG_GROUP, arn_suffix=":*"),
    terraform("aws_cloudwatch_log_resource_policy", storage.log_resource_policy),
    cloudformation("AWS::Logs::ResourcePolicy", storage.log_resource_policy),
    terraform("aws_ecr_repository", storage.repository, identities.REPOSITORY, name="name id"),
    cloudformation("AWS::ECR::Repository", storage.repository, identities.REPOSITORY),
    terraform("aws_ecr_repository_policy", storage.policy_of(Repository, "Repository")),
    terraform("aws_ecr_registry_policy", storage.registry_policy),
    cloudformation("AWS::ECR::RegistryPolicy", storage.registry_policy),
    terraform("aws_ecr_pull_through_cache_rule", storage.pull_through_cache),
    cloudformation("AWS::ECR::PullThroughCacheRule", storage.pull_through_cache),
    terraform("aws_s3_bucket", storage.bucket, identities.BUCKET, name="bucket id"),
    cloudformation("AWS::S3::Bucket", storage.bucket, identities.BUCKET),
    terraform("aws_s3_bucket_policy", storage.policy_of(Bucket, "Bucket")),
    cloudformation("AWS::S3::BucketPolicy", storage.policy_of(Bucket, "Bucket")),
    terraform("aws_s3_bucket_server_side_encryption_configuration", storage.bucket_encryption),
    terraform("aws_efs_file_system", storage.efs_file_system, identities.FILE_SYSTEM, name="id"),
    cloudformation(
        "AWS::EFS::FileSystem",
        storage.efs_file_system,
        identities.FILE_SYSTEM,
        name="Ref FileSystemId",
    ),
    terraform(
        "aws_efs_file_system_policy aws_s3files_file_system_policy",
        storage.policy_of(FileSystem, "FileSystemId"),
    ),
    cloudformation("AWS::S3Files::FileSystemPolicy", storage.policy_of(FileSystem, "FileSystemId")),
    terraform(
        "aws_s3files_file_system", storage.s3_file_system, identities.S3_FILE_SYSTEM, name="id"
    ),
    cloudformation(
        "AWS::S3Files::FileSystem",
        storage.s3_file_system,
        identities.S3_FILE_SYSTEM,
        arn="Ref FileSystemArn",
        name="FileSystemId",
    ),
    terraform("aws_vpc_endpoint", network.endpoint),
    cloudformation("AWS::EC2::VPCEndpoint", network.endpoint),
    terraform("aws_vpc", network.vpc),
    cloudformation("AWS::EC2::VPC", network.vpc),
    terraform("aws_subnet", network.subnet),
    cloudformation("AWS::EC2::Subnet", network.subnet),
    terraform(
        "aws_internet_gateway aws_internet_gateway_attachment aws_egress_only_internet_gateway "
        "aws_vpn_gateway aws_vpn_gateway_attachment aws_vpc_peering_connection",
        network.gateway,
    ),
    cloudformation(
        "AWS::EC2::VPCGatewayAttachment AWS::EC2::EgressOnlyInternetGateway "
        "AWS::EC2::VPCPeeringConnection",
        network.gateway,
    ),
    terraform("aws_nat_gateway aws_ec2_transit_gateway_vpc_attachment", network.gateway_in_subnet),
    cloudformation(
        "AWS::EC2::NatGateway AWS::EC2::TransitGatewayAttachment "
        "AWS::EC2::TransitGatewayVpcAttachment",
        network.gateway_in_subnet,
    ),
    cloudformation("AWS::EC2::InternetGateway", network.internet_gateway),
    terraform("aws_vpc_endpoint_route_table_association", network.endpoint_table),
    terraform("aws_vpc_endpoint_security_group_association", network.endpoint_security_group),
    terraform("aws_vpc_endpoint_policy", network.endpoint_policy),
    terraform("aws_route53_zone aws_route53_zone_association", network.hosted_zone),
    cloudformation("AWS::Route53::HostedZone", network.hosted_zone),
    terraform("aws_efs_mount_target", network.mount_target),
    cloudformation("AWS::EFS::MountTarget", network.mount_target),
    terraform("aws_security_group", security_groups.terraform_group),
    cloudformation("AWS::EC2::SecurityGroup", security_groups.cloudformation_group),
    terraform("aws_security_group_rule", security_groups.rule_of_either_way),
    terraform("aws_vpc_security_group_egress_rule", security_groups.egress_rule),
    cloudformation("AWS::EC2::SecurityGroupEgress", security_groups.egress_rule),
    terraform("aws_vpc_security_group_ingress_rule", security_groups.ingress_rule),
    cloudformation("AWS::EC2::SecurityGroupIngress", security_groups.ingress_rule),
    terraform(
        "aws_route_table_association aws_main_route_table_association", network.route_association
    ),
    cloudformation("AWS::EC2::SubnetRouteTableAssociation", network.route_association),
    terraform("aws_route", network.route),
    cloudformation("AWS::EC2::Route", network.route),
    terraform("aws_route_table aws_default_route_table", network.route_table),
    cloudformation("AWS::EC2::RouteTable", network.route_table),
    terraform("aws_launch_template", instances.launch_template, identities.LAUNCH_TEMPLATE, arn=""),
    cloudformation("AWS::EC2::LaunchTemplate AWS::EC2::Instance", instances.launch_template),
    cloudformation(
        "AWS::AutoScaling::LaunchConfiguration",
        instances.launch_template,
        identities.LAUNCH_TEMPLATE,
        arn="",
    ),
    terraform(
        "aws_launch_configuration",
        instances.launch_template,
        identities.LAUNCH_TEMPLATE,
        arn="",
        name="name id",
    ),
    terraform("aws_instance", instances.launch_template),
    terraform("data.aws_ami", instances.image),
    terraform("aws_network_interface_sg_attachment", instances.attached_group),
    terraform(
        "aws_autoscaling_group", instances.scaling_group, identities.SCALING_GROUP, name="name id"
    ),
    cloudformation(
        "AWS::AutoScaling::AutoScalingGroup", instances.scaling_group, identities.SCALING_GROUP
    ),
    terraform("aws_codedeploy_deployment_group", service_roles.deployment_group),
    cloudformation("AWS::CodeDeploy::DeploymentGroup", service_roles.deployment_group),
    terraform(
        "aws_lambda_function",
        service_roles.function,
        identities.FUNCTION,
        name="function_name id",
    ),
    cloudformation(
        "AWS::Lambda::Function AWS::Serverless::Function",
        service_roles.function,
        identities.FUNCTION,
    ),
    terraform(
        "aws_codebuild_project", service_roles.role_user("codebuild.amazonaws.com", "ServiceRole")
    ),
    cloudformation(
        "AWS::CodeBuild::Project", service_roles.role_user("codebuild.amazonaws.com", "ServiceRole")
    ),
    cloudformation(
        "AWS::ECS::Gateway", service_roles.role_holder(ServiceRole.GATEWAY, "InfrastructureRoleArn")
    ),
    terraform(
        "aws_ssm_activation", service_roles.role_holder(ServiceRole.EXTERNAL_INSTANCE, "IamRole")
    ),
    terraform("aws_appautoscaling_target", service_roles.scalable_target),
    cloudformation("AWS::ApplicationAutoScaling::ScalableTarget", service_roles.scalable_target),
    terraform("aws_codepipeline", service_roles.pipeline),
    cloudformation("AWS::CodePipeline::Pipeline", service_roles.pipeline),
    terraform("aws_batch_job_definition", service_roles.batch_job),
    cloudformation("AWS::Batch::JobDefinition", service_roles.batch_job),
    terraform(
        "data.aws_ecs_cluster", identity=identities.CLUSTER, arn="arn id", name="cluster_name"
    ),
    terraform("data.aws_ssm_parameter", identity=identities.PARAMETER, name="name id"),
    terraform("data.aws_kms_alias", identity=identities.ALIAS),
    terraform("data.aws_cloudwatch_log_group", identity=identities.LOG_GROUP, name="name id"),
    terraform("data.aws_ecr_repository", identity=identities.REPOSITORY, name="name id"),
    terraform("data.aws_s3_bucket", identity=identities.BUCKET, name="bucket id"),
    terraform("aws_kinesis_stream", identity=identities.STREAM, arn="arn id"),
    cloudformation("AWS::Kinesis::Stream", identity=identities.STREAM),
    terraform(
        "aws_kinesis_firehose_delivery_stream", identity=identities.DELIVERY_STREAM, arn="arn id"
    ),
    cloudformation("AWS::KinesisFirehose::DeliveryStream", identity=identities.DELIVERY_STREAM),
)


def _by_name(is_cloudformation: bool) -> Iterator[tuple[str, ResourceType]]:
    for row in RESOURCE_TYPES:
        if row.is_cloudformation is is_cloudformation:
            yield from ((name, row) for name in row.names)


TERRAFORM: dict[str, ResourceType] = dict(_by_name(False))
CLOUDFORMATION: dict[str, ResourceType] = dict(_by_name(True))

#: What makes task definitions and what launches them: nothing else names a role for a task.
_OF_TASKS = (
    tasks.task_definition,
    tasks.daemon_task_definition,
    tasks.express_service,
    launches.service,
    launches.task_set,
    launches.daemon,
    launches.run_task,
    targets.event_target,
    targets.event_rule,
    targets.schedule,
    targets.pipe,
    state_machines.state_machine,
)
#: Terraform's types that they read.
RUNNING = frozenset(name for name, row in TERRAFORM.items() if row.read in _OF_TASKS)


def readers(table: Mapping[str, ResourceType]) -> dict[str, Reader]:
    """The readers of a language, by type."""
    return {name: row.read for name, row in table.items() if row.read is not None}
