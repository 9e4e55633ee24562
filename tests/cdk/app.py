"""Healthy ECS stacks, written with AWS's own constructs: ``python app.py DIRECTORY`` writes them.

Runs in an environment of its own (aws-cdk-lib and node); no test imports it. Each function is one
stack, but for the two that share a secret and a repository.
"""

from __future__ import annotations

import sys

import aws_cdk as cdk
import beside
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns
from aws_cdk import aws_efs as efs
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as stepfunctions
from aws_cdk import aws_stepfunctions_tasks as tasks

PUBLIC = ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx:1.27")

#: What an EventBridge target with Exec enabled does not grant of itself.
EXEC = iam.PolicyStatement(
    resources=["*"],
    actions=[
        f"ssmmessages:{call}{kind}Channel"
        for call in ("Create", "Open")
        for kind in ("Control", "Data")
    ],
)


def task(stack: cdk.Stack, name: str = "Task", **more: object) -> ecs.FargateTaskDefinition:
    return ecs.FargateTaskDefinition(stack, name, cpu=256, memory_limit_mib=512, **more)


def run(stack: cdk.Stack, definition: ecs.FargateTaskDefinition, **more: object) -> None:
    """A service of the task definition, in a VPC and a cluster of its own."""
    cluster = more.pop("cluster", None) or ecs.Cluster(stack, "Cluster", vpc=ec2.Vpc(stack, "Vpc"))
    ecs.FargateService(stack, "Service", cluster=cluster, task_definition=definition, **more)


def secrets(app: cdk.App) -> None:
    """An ECR image, awslogs, a secret under a key of its own, a field of it, plain and secure
    parameters."""
    stack = cdk.Stack(app, "Secrets")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    secret = secretsmanager.Secret(stack, "Secret", encryption_key=key)
    token = secretsmanager.Secret(stack, "Token", secret_name="team/token")
    plain = ssm.StringParameter(stack, "Plain", string_value="v", parameter_name="/team/plain")
    secure = ssm.StringParameter.from_secure_string_parameter_attributes(
        stack, "Secure", parameter_name="/team/secure", version=1, encryption_key=key
    )
    repository = ecr.Repository(stack, "Repository")
    definition = task(stack)
    definition.add_container(
        "app",
        image=ecs.ContainerImage.from_ecr_repository(repository, "1"),
        logging=ecs.LogDriver.aws_logs(stream_prefix="app"),
        secrets={
            "PASSWORD": ecs.Secret.from_secrets_manager(secret),
            "USER": ecs.Secret.from_secrets_manager(secret, "username"),
            "TOKEN": ecs.Secret.from_secrets_manager(token),
            "PLAIN": ecs.Secret.from_ssm_parameter(plain),
            "SECURE": ecs.Secret.from_ssm_parameter(secure),
        },
    )
    run(stack, definition)


def web(app: cdk.App) -> None:
    """ApplicationLoadBalancedFargateService with an image asset."""
    stack = cdk.Stack(app, "Web")
    patterns.ApplicationLoadBalancedFargateService(
        stack,
        "Web",
        task_image_options=patterns.ApplicationLoadBalancedTaskImageOptions(
            image=ecs.ContainerImage.from_asset(sys.path[0] + "/image"), container_port=80
        ),
    )


def worker(app: cdk.App) -> None:
    """QueueProcessingFargateService."""
    stack = cdk.Stack(app, "Worker")
    patterns.QueueProcessingFargateService(
        stack,
        "Worker",
        vpc=ec2.Vpc(stack, "Vpc"),
        enable_execute_command=True,
        image=ecs.ContainerImage.from_ecr_repository(ecr.Repository(stack, "Repository")),
    )


def nightly(app: cdk.App) -> None:
    """ScheduledFargateTask, an EventBridge rule's EcsTask, and a Scheduler's EcsRunFargateTask."""
    stack = cdk.Stack(app, "Nightly")
    cluster = ecs.Cluster(stack, "Cluster", vpc=ec2.Vpc(stack, "Vpc"))
    repository = ecr.Repository(stack, "Repository")
    patterns.ScheduledFargateTask(
        stack,
        "Job",
        cluster=cluster,
        schedule=scaling.Schedule.rate(cdk.Duration.days(1)),
        scheduled_fargate_task_image_options=patterns.ScheduledFargateTaskImageOptions(
            image=ecs.ContainerImage.from_ecr_repository(repository),
            memory_limit_mib=512,
            secrets={"S": ecs.Secret.from_secrets_manager(secretsmanager.Secret(stack, "Secret"))},
        ),
    )
    definition = task(stack)
    definition.add_container(
        "job", image=PUBLIC, logging=ecs.LogDriver.aws_logs(stream_prefix="job")
    )
    definition.add_to_task_role_policy(EXEC)
    events.Rule(
        stack,
        "Uploads",
        event_pattern=events.EventPattern(source=["aws.s3"]),
        targets=[
            targets.EcsTask(
                cluster=cluster, task_definition=definition, enable_execute_command=True
            )
        ],
    )
    scheduler.Schedule(
        stack,
        "Schedule",
        schedule=scheduler.ScheduleExpression.rate(cdk.Duration.hours(1)),
        target=scheduler_targets.EcsRunFargateTask(cluster, task_definition=definition),
    )


def workflow(app: cdk.App) -> None:
    """Step Functions' EcsRunTask, waiting for the task."""
    stack = cdk.Stack(app, "Workflow")
    definition = task(stack)
    container = definition.add_container(
        "step",
        image=ecs.ContainerImage.from_ecr_repository(ecr.Repository(stack, "Repository")),
        logging=ecs.LogDriver.aws_logs(stream_prefix="step"),
    )
    step = tasks.EcsRunTask(
        stack,
        "Run",
        integration_pattern=stepfunctions.IntegrationPattern.RUN_JOB,
        cluster=ecs.Cluster(stack, "Cluster", vpc=ec2.Vpc(stack, "Vpc")),
        task_definition=definition,
        launch_target=tasks.EcsFargateLaunchTarget(
            platform_version=ecs.FargatePlatformVersion.LATEST
        ),
        container_overrides=[tasks.ContainerOverride(container_definition=container)],
    )
    stepfunctions.StateMachine(
        stack, "Machine", definition_body=stepfunctions.DefinitionBody.from_chainable(step)
    )


def shell(app: cdk.App) -> None:
    """ECS Exec, audited to CloudWatch and S3, both encrypted, under one key."""
    stack = cdk.Stack(app, "Shell")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    group = logs.LogGroup(stack, "Audit", encryption_key=key)
    bucket = s3.Bucket(stack, "Sessions", encryption_key=key)
    key.add_to_resource_policy(
        iam.PolicyStatement(
            actions=[
                "kms:Encrypt*",
                "kms:Decrypt*",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:Describe*",
            ],
            resources=["*"],
            principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
        )
    )
    cluster = ecs.Cluster(
        stack,
        "Cluster",
        vpc=ec2.Vpc(stack, "Vpc"),
        execute_command_configuration=ecs.ExecuteCommandConfiguration(
            kms_key=key,
            logging=ecs.ExecuteCommandLogging.OVERRIDE,
            log_configuration=ecs.ExecuteCommandLogConfiguration(
                cloud_watch_log_group=group,
                cloud_watch_encryption_enabled=True,
                s3_bucket=bucket,
                s3_encryption_enabled=True,
                s3_key_prefix="exec",
            ),
        ),
    )
    definition = task(stack)
    definition.add_container(
        "app",
        image=PUBLIC,
        logging=ecs.LogDriver.aws_logs(stream_prefix="app"),
        linux_parameters=ecs.LinuxParameters(stack, "Init", init_process_enabled=True),
    )
    run(stack, definition, cluster=cluster, enable_execute_command=True)


def shared_files(app: cdk.App) -> None:
    """EFS through an access point, with IAM authorization and a file system policy."""
    stack = cdk.Stack(app, "Files")
    vpc = ec2.Vpc(stack, "Vpc")
    system = efs.FileSystem(stack, "System", vpc=vpc)
    point = system.add_access_point("Point", path="/app")
    definition = task(stack)
    definition.add_volume(
        name="data",
        efs_volume_configuration=ecs.EfsVolumeConfiguration(
            file_system_id=system.file_system_id,
            transit_encryption="ENABLED",
            authorization_config=ecs.AuthorizationConfig(
                access_point_id=point.access_point_id, iam="ENABLED"
            ),
        ),
    )
    container = definition.add_container("app", image=PUBLIC)
    container.add_mount_points(
        ecs.MountPoint(container_path="/data", source_volume="data", read_only=False)
    )
    system.grant_root_access(definition.task_role)
    run(stack, definition, cluster=ecs.Cluster(stack, "Cluster", vpc=vpc))


def router(app: cdk.App) -> None:
    """FireLens to Firehose: CDK adds the router of itself."""
    stack = cdk.Stack(app, "Router")
    stream = firehose.CfnDeliveryStream(stack, "Stream", delivery_stream_name="app-logs")
    definition = task(stack)
    definition.add_container(
        "app",
        image=PUBLIC,
        logging=ecs.LogDrivers.firelens(
            options={
                "Name": "firehose",
                "region": stack.region,
                "delivery_stream": stream.delivery_stream_name,
            }
        ),
    )
    run(stack, definition)


def instances(app: cdk.App) -> None:
    """An EC2 service on an Auto Scaling group's capacity provider."""
    stack = cdk.Stack(app, "Instances")
    vpc = ec2.Vpc(stack, "Vpc")
    cluster = ecs.Cluster(stack, "Cluster", vpc=vpc)
    group = autoscaling.AutoScalingGroup(
        stack,
        "Group",
        vpc=vpc,
        instance_type=ec2.InstanceType("t3.small"),
        machine_image=ecs.EcsOptimizedImage.amazon_linux2023(),
        max_capacity=2,
        require_imdsv2=True,
    )
    provider = ecs.AsgCapacityProvider(stack, "Provider", auto_scaling_group=group)
    cluster.add_asg_capacity_provider(provider)
    definition = ecs.Ec2TaskDefinition(stack, "Task", network_mode=ecs.NetworkMode.AWS_VPC)
    definition.add_container(
        "app",
        image=ecs.ContainerImage.from_ecr_repository(ecr.Repository(stack, "Repository")),
        memory_limit_mib=256,
        logging=ecs.LogDriver.aws_logs(stream_prefix="app"),
        secrets={"S": ecs.Secret.from_secrets_manager(secretsmanager.Secret(stack, "Secret"))},
    )
    ecs.Ec2Service(
        stack,
        "Service",
        cluster=cluster,
        task_definition=definition,
        capacity_provider_strategies=[
            ecs.CapacityProviderStrategy(
                capacity_provider=provider.capacity_provider_name, weight=1
            )
        ],
    )


def imported(app: cdk.App) -> None:
    """Roles and secrets of another stack's, by ARN and by name."""
    stack = cdk.Stack(app, "Imported")
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:team"
    definition = task(
        stack,
        task_role=iam.Role.from_role_arn(stack, "TaskRole", "arn:aws:iam::111122223333:role/app"),
        execution_role=iam.Role.from_role_name(stack, "ExecutionRole", "ecsTaskExecutionRole"),
    )
    own = task(stack, "Own")
    by_name = secretsmanager.Secret.from_secret_name_v2(stack, "ByName", "team/by-name")
    whole = secretsmanager.Secret.from_secret_complete_arn(stack, "Whole", f"{arn}/whole-AbC123")
    partial = secretsmanager.Secret.from_secret_partial_arn(stack, "Partial", f"{arn}/partial")
    for each in (definition, own):
        each.add_container(
            "app",
            image=PUBLIC,
            logging=ecs.LogDriver.aws_logs(
                stream_prefix="app",
                log_group=logs.LogGroup.from_log_group_name(
                    stack, f"{each.node.id}Group", "/team/app"
                ),
            ),
            secrets={
                "NAMED": ecs.Secret.from_secrets_manager(by_name),
                "FIELD": ecs.Secret.from_secrets_manager(by_name, "field"),
                "WHOLE": ecs.Secret.from_secrets_manager(whole),
                "PARTIAL": ecs.Secret.from_secrets_manager(partial, "field"),
                "PARAMETER": ecs.Secret.from_ssm_parameter(
                    ssm.StringParameter.from_string_parameter_name(
                        stack, f"{each.node.id}Parameter", "/team/parameter"
                    )
                ),
            },
        )
    run(stack, definition)


def pair(app: cdk.App) -> None:
    """Two stacks: one owns a secret and a repository, the other's task uses them."""
    owner, user = cdk.Stack(app, "Owner"), cdk.Stack(app, "User")
    secret = secretsmanager.Secret(owner, "Secret")
    repository = ecr.Repository(owner, "Repository")
    definition = task(user)
    definition.add_container(
        "app",
        image=ecs.ContainerImage.from_ecr_repository(repository, "1"),
        secrets={"S": ecs.Secret.from_secrets_manager(secret)},
    )
    run(user, definition)


def files_and_registry(app: cdk.App) -> None:
    """A private registry's credentials, an environment file, and Service Connect's own log."""
    stack = cdk.Stack(app, "Registry")
    credentials = secretsmanager.Secret(stack, "Credentials")
    bucket = s3.Bucket(stack, "Configuration", encryption=s3.BucketEncryption.S3_MANAGED)
    definition = task(stack)
    definition.add_container(
        "app",
        image=ecs.ContainerImage.from_registry(
            "registry.example.com/team/app:1", credentials=credentials
        ),
        environment_files=[ecs.EnvironmentFile.from_bucket(bucket, "app.env")],
        port_mappings=[ecs.PortMapping(container_port=80, name="http")],
    )
    bucket.grant_read(definition.obtain_execution_role())
    cluster = ecs.Cluster(
        stack,
        "Cluster",
        vpc=ec2.Vpc(stack, "Vpc"),
        default_cloud_map_namespace=ecs.CloudMapNamespaceOptions(name="team"),
    )
    run(
        stack,
        definition,
        cluster=cluster,
        service_connect_configuration=ecs.ServiceConnectProps(
            services=[ecs.ServiceConnectService(port_mapping_name="http")],
            log_driver=ecs.LogDrivers.aws_logs(stream_prefix="mesh"),
        ),
    )


def main(directory: str) -> None:
    app = cdk.App(outdir=directory)
    for stack in (
        secrets,
        web,
        worker,
        nightly,
        workflow,
        shell,
        shared_files,
        router,
        instances,
        imported,
        pair,
        files_and_registry,
        *beside.STACKS,
    ):
        stack(app)
    app.synth()


if __name__ == "__main__":
    main(sys.argv[1])
