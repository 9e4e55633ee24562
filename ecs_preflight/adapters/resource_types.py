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
from ..symbolic.records import dataclass
from ..symbolic.values import Value, join
from . import (
    Reader,
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
from .identities import Identity, reference
from .units import Declared

#: The name under which ``attributes`` has what CloudFormation's ``Ref`` returns.
REF = "Ref"


@dataclass(frozen=True)
class ResourceType:
    """One kind of resource: ``names`` are its types in either language, as the hosts know them
    (``data.`` before a Terraform data source), ``read`` its reader, if the model has it.

    ``arn`` and ``name`` list the attributes that return the ARN and the name that ``identity``
    gives it; ``arn_suffix`` is what an attribute appends to the ARN.
    """

    names: tuple[str, ...]
    read: Reader | None = None
    identity: Identity | None = None
    arn: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    arn_suffix: str = ""

    @property
    def is_cloudformation(self) -> bool:
        """Is the row CloudFormation's? (Names of its types hold ``::``.)"""
        return "::" in self.names[0]


def _terraform(
    names: str,
    read: Reader | None = None,
    identity: Identity | None = None,
    *,
    arn: str = "arn",
    name: str = "name",
) -> ResourceType:
    """Types of Terraform's AWS provider; words in a string are several names."""
    if identity is None:
        arn = name = ""
    return ResourceType(
        tuple(names.split()), read, identity, tuple(arn.split()), tuple(name.split())
    )


def _cloudformation(
    names: str,
    read: Reader | None = None,
    identity: Identity | None = None,
    *,
    arn: str = "Arn",
    name: str = REF,
    arn_suffix: str = "",
) -> ResourceType:
    """Types of CloudFormation and SAM, likewise."""
    if identity is None:
        arn = name = ""
    return ResourceType(
        tuple(names.split()), read, identity, tuple(arn.split()), tuple(name.split()), arn_suffix
    )


RESOURCE_TYPES: tuple[ResourceType, ...] = (
    _terraform("aws_ecs_task_definition", tasks.task_definition),
    _cloudformation("AWS::ECS::TaskDefinition", tasks.task_definition),
    _terraform("aws_ecs_daemon_task_definition", tasks.daemon_task_definition),
    _cloudformation("AWS::ECS::DaemonTaskDefinition", tasks.daemon_task_definition),
    _terraform("aws_ecs_express_gateway_service", tasks.express_service),
    _cloudformation("AWS::ECS::ExpressGatewayService", tasks.express_service),
    _terraform("aws_ecs_service", launches.service),
    _cloudformation("AWS::ECS::Service", launches.service),
    _terraform("aws_ecs_task_set", launches.task_set),
    _cloudformation("AWS::ECS::TaskSet", launches.task_set),
    _terraform("aws_ecs_daemon", launches.daemon),
    _cloudformation("AWS::ECS::Daemon", launches.daemon),
    _terraform("data.aws_ecs_task_execution", launches.run_task),
    _terraform("aws_cloudwatch_event_target", targets.event_target),
    _cloudformation("AWS::Events::Rule", targets.event_rule),
    _terraform("aws_scheduler_schedule", targets.schedule),
    _cloudformation("AWS::Scheduler::Schedule", targets.schedule),
    _terraform("aws_pipes_pipe", targets.pipe),
    _cloudformation("AWS::Pipes::Pipe", targets.pipe),
    _terraform("aws_sfn_state_machine", state_machines.state_machine),
    _cloudformation(
        "AWS::StepFunctions::StateMachine AWS::Serverless::StateMachine",
        state_machines.state_machine,
    ),
    _terraform(
        "aws_lb_target_group aws_alb_target_group",
        launches.target_group,
        identities.TARGET_GROUP,
        arn="arn id",
    ),
    _cloudformation(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        launches.target_group,
        identities.TARGET_GROUP,
        arn="Ref TargetGroupArn",
        name="",
    ),
    _terraform(
        "aws_lb_listener aws_alb_listener aws_lb_listener_rule aws_alb_listener_rule",
        launches.listener,
    ),
    _cloudformation(
        "AWS::ElasticLoadBalancingV2::Listener AWS::ElasticLoadBalancingV2::ListenerRule",
        launches.listener,
    ),
    _terraform("aws_ecs_cluster", clusters.cluster, identities.CLUSTER, arn="arn id"),
    _cloudformation("AWS::ECS::Cluster", clusters.cluster, identities.CLUSTER),
    _terraform("aws_ecs_cluster_capacity_providers", clusters.cluster_capacity_providers),
    _cloudformation(
        "AWS::ECS::ClusterCapacityProviderAssociations", clusters.cluster_capacity_providers
    ),
    _terraform(
        "aws_ecs_capacity_provider",
        clusters.capacity_provider,
        identities.CAPACITY_PROVIDER,
        arn="arn id",
    ),
    _cloudformation(
        "AWS::ECS::CapacityProvider",
        clusters.capacity_provider,
        identities.CAPACITY_PROVIDER,
        arn="",
    ),
    _terraform(
        "aws_iam_role",
        roles.role("inline_policy", "managed_policy_arns", exclusive=True),
        identities.ROLE,
        name="name id",
    ),
    _cloudformation("AWS::IAM::Role", roles.role("Policies", "ManagedPolicyArns"), identities.ROLE),
    _terraform("aws_iam_user", users.user, identities.USER, name="name id"),
    _cloudformation("AWS::IAM::User", users.user, identities.USER),
    _terraform("aws_iam_group", users.group, identities.GROUP, name="name id"),
    _cloudformation("AWS::IAM::Group", users.group, identities.GROUP),
    _terraform("aws_iam_user_group_membership aws_iam_group_membership", users.membership),
    _cloudformation("AWS::IAM::UserToGroupAddition", users.membership),
    _terraform("aws_iam_role_policy aws_iam_user_policy aws_iam_group_policy", roles.inline_policy),
    _cloudformation("AWS::IAM::Policy AWS::IAM::RolePolicy", roles.inline_policy),
    _cloudformation("AWS::IAM::UserPolicy AWS::IAM::GroupPolicy", roles.inline_policy),
    _terraform("aws_iam_policy", roles.managed_policy, identities.POLICY, arn="arn id"),
    _cloudformation(
        "AWS::IAM::ManagedPolicy",
        roles.managed_policy,
        identities.POLICY,
        arn="Ref PolicyArn",
        name="",
    ),
    _terraform("aws_iam_role_policy_attachment aws_iam_user_policy_attachment", roles.attachment),
    _terraform("aws_iam_group_policy_attachment aws_iam_policy_attachment", roles.attachment),
    _terraform(
        "aws_iam_role_policies_exclusive aws_iam_role_policy_attachments_exclusive",
        roles.exclusive_policies,
    ),
    _terraform(
        "aws_iam_instance_profile",
        roles.instance_profile,
        identities.INSTANCE_PROFILE,
        name="name id",
    ),
    _cloudformation(
        "AWS::IAM::InstanceProfile", roles.instance_profile, identities.INSTANCE_PROFILE
    ),
    _terraform("data.aws_iam_role", roles.named_role),
    _terraform("aws_secretsmanager_secret", storage.secret, identities.SECRET, arn="arn id"),
    _cloudformation(
        "AWS::SecretsManager::Secret", storage.secret, identities.SECRET, arn="Ref Id", name=""
    ),
    _terraform("aws_secretsmanager_secret_policy", storage.policy_of(StoredSecret, "SecretArn")),
    _cloudformation(
        "AWS::SecretsManager::ResourcePolicy", storage.policy_of(StoredSecret, "SecretId")
    ),
    _terraform("aws_ssm_parameter", storage.parameter, identities.PARAMETER, name="name id"),
    _cloudformation("AWS::SSM::Parameter", storage.parameter, identities.PARAMETER, arn=""),
    _terraform("aws_kms_key", storage.key, identities.KEY, name="key_id id"),
    _cloudformation("AWS::KMS::Key", storage.key, identities.KEY, name="Ref KeyId"),
    _terraform("aws_kms_replica_key", storage.replica_key, identities.KEY, name="key_id id"),
    _cloudformation("AWS::KMS::ReplicaKey", storage.replica_key, identities.KEY, name="Ref KeyId"),
    _terraform("aws_kms_key_policy", storage.policy_of(Key, "KeyId")),
    _terraform("aws_kms_alias", storage.key_alias, identities.ALIAS, name="name id"),
    _cloudformation("AWS::KMS::Alias", storage.key_alias, identities.ALIAS, arn=""),
    _terraform("aws_cloudwatch_log_group", storage.log_group, identities.LOG_GROUP, name="name id"),
    # Unlike Terraform's, this ARN ends in ":*" (facts B5).
    _cloudformation(
        "AWS::Logs::LogGroup", storage.log_group, identities.LOG_GROUP, arn_suffix=":*"
    ),
    _terraform("aws_cloudwatch_log_resource_policy", storage.log_resource_policy),
    _cloudformation("AWS::Logs::ResourcePolicy", storage.log_resource_policy),
    _terraform("aws_ecr_repository", storage.repository, identities.REPOSITORY, name="name id"),
    _cloudformation("AWS::ECR::Repository", storage.repository, identities.REPOSITORY),
    _terraform("aws_ecr_repository_policy", storage.policy_of(Repository, "Repository")),
    _terraform("aws_ecr_registry_policy", storage.registry_policy),
    _cloudformation("AWS::ECR::RegistryPolicy", storage.registry_policy),
    _terraform("aws_ecr_pull_through_cache_rule", storage.pull_through_cache),
    _cloudformation("AWS::ECR::PullThroughCacheRule", storage.pull_through_cache),
    _terraform("aws_s3_bucket", storage.bucket, identities.BUCKET, name="bucket id"),
    _cloudformation("AWS::S3::Bucket", storage.bucket, identities.BUCKET),
    _terraform("aws_s3_bucket_policy", storage.policy_of(Bucket, "Bucket")),
    _cloudformation("AWS::S3::BucketPolicy", storage.policy_of(Bucket, "Bucket")),
    _terraform("aws_s3_bucket_server_side_encryption_configuration", storage.bucket_encryption),
    _terraform("aws_efs_file_system", storage.efs_file_system, identities.FILE_SYSTEM, name="id"),
    _cloudformation(
        "AWS::EFS::FileSystem",
        storage.efs_file_system,
        identities.FILE_SYSTEM,
        name="Ref FileSystemId",
    ),
    _terraform(
        "aws_efs_file_system_policy aws_s3files_file_system_policy",
        storage.policy_of(FileSystem, "FileSystemId"),
    ),
    _cloudformation(
        "AWS::S3Files::FileSystemPolicy", storage.policy_of(FileSystem, "FileSystemId")
    ),
    _terraform(
        "aws_s3files_file_system", storage.s3_file_system, identities.S3_FILE_SYSTEM, name="id"
    ),
    _cloudformation(
        "AWS::S3Files::FileSystem",
        storage.s3_file_system,
        identities.S3_FILE_SYSTEM,
        arn="Ref FileSystemArn",
        name="FileSystemId",
    ),
    _terraform("aws_vpc_endpoint", network.endpoint),
    _cloudformation("AWS::EC2::VPCEndpoint", network.endpoint),
    _terraform("aws_subnet", network.subnet),
    _cloudformation("AWS::EC2::Subnet", network.subnet),
    _terraform(
        "aws_internet_gateway aws_internet_gateway_attachment aws_egress_only_internet_gateway "
        "aws_vpn_gateway aws_vpn_gateway_attachment aws_vpc_peering_connection",
        network.gateway,
    ),
    _cloudformation(
        "AWS::EC2::VPCGatewayAttachment AWS::EC2::EgressOnlyInternetGateway "
        "AWS::EC2::VPCPeeringConnection",
        network.gateway,
    ),
    _terraform("aws_nat_gateway aws_ec2_transit_gateway_vpc_attachment", network.gateway_in_subnet),
    _cloudformation(
        "AWS::EC2::NatGateway AWS::EC2::TransitGatewayAttachment "
        "AWS::EC2::TransitGatewayVpcAttachment",
        network.gateway_in_subnet,
    ),
    _cloudformation("AWS::EC2::InternetGateway", network.internet_gateway),
    _terraform("aws_vpc_endpoint_route_table_association", network.endpoint_table),
    _terraform("aws_vpc_endpoint_security_group_association", network.endpoint_security_group),
    _terraform("aws_vpc_endpoint_policy", network.endpoint_policy),
    _terraform("aws_route53_zone aws_route53_zone_association", network.hosted_zone),
    _cloudformation("AWS::Route53::HostedZone", network.hosted_zone),
    _terraform("aws_efs_mount_target", network.mount_target),
    _cloudformation("AWS::EFS::MountTarget", network.mount_target),
    _terraform("aws_security_group", security_groups.terraform_group),
    _cloudformation("AWS::EC2::SecurityGroup", security_groups.cloudformation_group),
    _terraform("aws_security_group_rule", security_groups.rule_of_either_way),
    _terraform("aws_vpc_security_group_egress_rule", security_groups.egress_rule),
    _cloudformation("AWS::EC2::SecurityGroupEgress", security_groups.egress_rule),
    _terraform("aws_vpc_security_group_ingress_rule", security_groups.ingress_rule),
    _cloudformation("AWS::EC2::SecurityGroupIngress", security_groups.ingress_rule),
    _terraform(
        "aws_route_table_association aws_main_route_table_association", network.route_association
    ),
    _cloudformation("AWS::EC2::SubnetRouteTableAssociation", network.route_association),
    _terraform("aws_route", network.route),
    _cloudformation("AWS::EC2::Route", network.route),
    _terraform("aws_route_table aws_default_route_table", network.route_table),
    _cloudformation("AWS::EC2::RouteTable", network.route_table),
    _terraform(
        "aws_launch_template", instances.launch_template, identities.LAUNCH_TEMPLATE, arn=""
    ),
    _cloudformation("AWS::EC2::LaunchTemplate AWS::EC2::Instance", instances.launch_template),
    _cloudformation(
        "AWS::AutoScaling::LaunchConfiguration",
        instances.launch_template,
        identities.LAUNCH_TEMPLATE,
        arn="",
    ),
    _terraform(
        "aws_launch_configuration",
        instances.launch_template,
        identities.LAUNCH_TEMPLATE,
        arn="",
        name="name id",
    ),
    _terraform("aws_instance", instances.launch_template),
    _terraform(
        "aws_autoscaling_group", instances.scaling_group, identities.SCALING_GROUP, name="name id"
    ),
    _cloudformation(
        "AWS::AutoScaling::AutoScalingGroup", instances.scaling_group, identities.SCALING_GROUP
    ),
    _terraform("aws_codedeploy_deployment_group", service_roles.deployment_group),
    _cloudformation("AWS::CodeDeploy::DeploymentGroup", service_roles.deployment_group),
    _terraform(
        "aws_lambda_function",
        service_roles.role_user("lambda.amazonaws.com", "Role"),
        identities.FUNCTION,
        name="function_name id",
    ),
    _cloudformation(
        "AWS::Lambda::Function AWS::Serverless::Function",
        service_roles.role_user("lambda.amazonaws.com", "Role"),
        identities.FUNCTION,
    ),
    _terraform(
        "aws_codebuild_project", service_roles.role_user("codebuild.amazonaws.com", "ServiceRole")
    ),
    _cloudformation(
        "AWS::CodeBuild::Project", service_roles.role_user("codebuild.amazonaws.com", "ServiceRole")
    ),
    _cloudformation(
        "AWS::ECS::Gateway", service_roles.role_holder(ServiceRole.GATEWAY, "InfrastructureRoleArn")
    ),
    _terraform(
        "aws_ssm_activation", service_roles.role_holder(ServiceRole.EXTERNAL_INSTANCE, "IamRole")
    ),
    _terraform("aws_appautoscaling_target", service_roles.scalable_target),
    _cloudformation("AWS::ApplicationAutoScaling::ScalableTarget", service_roles.scalable_target),
    _terraform("aws_codepipeline", service_roles.pipeline),
    _cloudformation("AWS::CodePipeline::Pipeline", service_roles.pipeline),
    _terraform("aws_batch_job_definition", service_roles.batch_job),
    _cloudformation("AWS::Batch::JobDefinition", service_roles.batch_job),
    _terraform(
        "data.aws_ecs_cluster", identity=identities.CLUSTER, arn="arn id", name="cluster_name"
    ),
    _terraform("data.aws_ssm_parameter", identity=identities.PARAMETER, name="name id"),
    _terraform("data.aws_kms_alias", identity=identities.ALIAS),
    _terraform("data.aws_cloudwatch_log_group", identity=identities.LOG_GROUP, name="name id"),
    _terraform("data.aws_ecr_repository", identity=identities.REPOSITORY, name="name id"),
    _terraform("data.aws_s3_bucket", identity=identities.BUCKET, name="bucket id"),
    _terraform("aws_kinesis_stream", identity=identities.STREAM, arn="arn id"),
    _cloudformation("AWS::Kinesis::Stream", identity=identities.STREAM),
    _terraform(
        "aws_kinesis_firehose_delivery_stream", identity=identities.DELIVERY_STREAM, arn="arn id"
    ),
    _cloudformation("AWS::KinesisFirehose::DeliveryStream", identity=identities.DELIVERY_STREAM),
)


def _by_name(is_cloudformation: bool) -> Iterator[tuple[str, ResourceType]]:
    for row in RESOURCE_TYPES:
        if row.is_cloudformation is is_cloudformation:
            yield from ((name, row) for name in row.names)


TERRAFORM: dict[str, ResourceType] = dict(_by_name(False))
CLOUDFORMATION: dict[str, ResourceType] = dict(_by_name(True))


def readers(table: Mapping[str, ResourceType]) -> dict[str, Reader]:
    """The readers of a language, by type."""
    return {name: row.read for name, row in table.items() if row.read is not None}


def identity_attribute(row: ResourceType | None, declared: Declared, name: str) -> Value | None:
    """The attribute ``name``, where it is the resource's ARN or name; else None."""
    if row is None or row.identity is None:
        return None
    if name in row.arn:
        arn = row.identity.arn_of(declared)
        return reference(declared, name, join(arn, row.arn_suffix) if row.arn_suffix else arn)
    if name in row.name:
        return reference(declared, name, row.identity.name_of(declared))
    return None
