"""More healthy stacks: what launches and deploys tasks, what they run on, how an app is divided."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns
from aws_cdk import aws_elasticloadbalancingv2 as balancing
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as functions
from aws_cdk import aws_pipes as pipes
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as stepfunctions
from aws_cdk import aws_stepfunctions_tasks as tasks

PUBLIC = ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx:1.27")
ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-west-1")


def task(stack: cdk.Stack, name: str = "Task", **container: Any) -> ecs.FargateTaskDefinition:
    """A Fargate task definition with one container that logs."""
    definition = ecs.FargateTaskDefinition(stack, name)
    definition.add_container(
        "app",
        **{"image": PUBLIC, "logging": ecs.LogDrivers.aws_logs(stream_prefix="app"), **container},
    )
    return definition


def from_repository(stack: cdk.Stack) -> ecs.ContainerImage:
    return ecs.ContainerImage.from_ecr_repository(ecr.Repository(stack, "Repository"))


def cluster(stack: cdk.Stack, **more: Any) -> ecs.Cluster:
    return ecs.Cluster(stack, "Cluster", vpc=ec2.Vpc(stack, "Vpc"), **more)


def plain(app: cdk.App) -> None:
    """L1 constructs alone: roles and policies written out, ARNs joined by hand."""
    stack = cdk.Stack(app, "Plain")
    log_arn = cdk.Fn.join(
        "",
        [
            "arn:",
            stack.partition,
            ":logs:",
            stack.region,
            ":",
            stack.account,
            ":log-group:/ecs/plain:*",
        ],
    )
    role = iam.CfnRole(
        stack,
        "Execution",
        assume_role_policy_document={
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                }
            ]
        },
        policies=[
            iam.CfnRole.PolicyProperty(
                policy_name="own",
                policy_document={
                    "Statement": [
                        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
                        {
                            "Effect": "Allow",
                            "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                            "Resource": stack.format_arn(
                                service="ecr", resource="repository", resource_name="plain"
                            ),
                        },
                        {
                            "Effect": "Allow",
                            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                            "Resource": log_arn,
                        },
                    ]
                },
            )
        ],
    )
    secret = secretsmanager.CfnSecret(
        stack,
        "Secret",
        generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(),
    )
    parameter = ssm.CfnParameter(
        stack, "Parameter", type="String", value="v", name="/plain/parameter"
    )
    iam.CfnPolicy(
        stack,
        "Policy",
        policy_name="more",
        roles=[role.ref],
        policy_document=iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(
                    actions=["secretsmanager:GetSecretValue"], resources=[secret.ref]
                ),
                iam.PolicyStatement(
                    actions=["ssm:GetParameters"],
                    resources=[
                        stack.format_arn(
                            service="ssm", resource="parameter", resource_name="plain/parameter"
                        )
                    ],
                ),
            ]
        ),
    )
    definition = ecs.CfnTaskDefinition(
        stack,
        "Task",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="256",
        memory="512",
        execution_role_arn=role.attr_arn,
        container_definitions=[
            {
                "name": "app",
                "image": f"{stack.account}.dkr.ecr.{stack.region}.{stack.url_suffix}/plain:1",
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": "/ecs/plain",
                        "awslogs-region": stack.region,
                        "awslogs-stream-prefix": "app",
                    },
                },
                "secrets": [
                    {"name": "S", "valueFrom": secret.ref},
                    {"name": "K", "valueFrom": cdk.Fn.join("", [secret.ref, ":key::"])},
                    {"name": "P", "valueFrom": parameter.ref},
                ],
            }
        ],
    )
    ecs.CfnService(
        stack,
        "Service",
        task_definition=definition.ref,
        launch_type="FARGATE",
        network_configuration={
            "awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "ENABLED"}
        },
    )


def deployed(app: cdk.App) -> None:
    """Blue and green by CodeDeploy; a pipeline with the standard deploy action."""
    stack = cdk.Stack(app, "Deployed")
    vpc = ec2.Vpc(stack, "Vpc")
    own = ecs.Cluster(stack, "Cluster", vpc=vpc)
    repository = ecr.Repository(stack, "Repository")
    definition = task(
        stack,
        image=ecs.ContainerImage.from_ecr_repository(repository),
        port_mappings=[ecs.PortMapping(container_port=80)],
    )
    service = ecs.FargateService(
        stack,
        "Service",
        cluster=own,
        task_definition=definition,
        deployment_controller=ecs.DeploymentController(
            type=ecs.DeploymentControllerType.CODE_DEPLOY
        ),
    )
    listener = balancing.ApplicationLoadBalancer(stack, "Balancer", vpc=vpc).add_listener(
        "Listener", port=80
    )
    blue = listener.add_targets("Blue", port=80, targets=[service])
    green = balancing.ApplicationTargetGroup(
        stack, "Green", vpc=vpc, port=80, target_type=balancing.TargetType.IP
    )
    codedeploy.EcsDeploymentGroup(
        stack,
        "Group",
        service=service,
        blue_green_deployment_config=codedeploy.EcsBlueGreenDeploymentConfig(
            blue_target_group=blue, green_target_group=green, listener=listener
        ),
    )
    rolling = ecs.FargateService(stack, "Rolling", cluster=own, task_definition=definition)
    source, built = codepipeline.Artifact(), codepipeline.Artifact()
    codepipeline.Pipeline(
        stack,
        "Pipeline",
        stages=[
            codepipeline.StageProps(
                stage_name="Source",
                actions=[
                    actions.EcrSourceAction(
                        action_name="Source", repository=repository, output=source
                    )
                ],
            ),
            codepipeline.StageProps(
                stage_name="Build",
                actions=[
                    actions.CodeBuildAction(
                        action_name="Build",
                        project=codebuild.PipelineProject(stack, "Project"),
                        input=source,
                        outputs=[built],
                    )
                ],
            ),
            codepipeline.StageProps(
                stage_name="Deploy",
                actions=[
                    actions.EcsDeployAction(action_name="Deploy", service=rolling, input=built)
                ],
            ),
        ],
    )


def launched(app: cdk.App) -> None:
    """Tasks that a pipe starts, that states start with a token and in a Map, and that a function starts."""
    stack = cdk.Stack(app, "Launched")
    own = cluster(stack)
    definition = task(stack)
    queue = sqs.Queue(stack, "Queue")
    role = iam.Role(stack, "PipeRole", assumed_by=iam.ServicePrincipal("pipes.amazonaws.com"))
    queue.grant_consume_messages(role)
    definition.grant_run(role)
    pipes.CfnPipe(
        stack,
        "Pipe",
        role_arn=role.role_arn,
        source=queue.queue_arn,
        target=own.cluster_arn,
        target_parameters={
            "ecsTaskParameters": {
                "taskDefinitionArn": definition.task_definition_arn,
                "launchType": "FARGATE",
                "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            }
        },
    )
    fargate = tasks.EcsFargateLaunchTarget(platform_version=ecs.FargatePlatformVersion.LATEST)
    token = tasks.EcsRunTask(
        stack,
        "Token",
        integration_pattern=stepfunctions.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        cluster=own,
        task_definition=definition,
        launch_target=fargate,
        container_overrides=[
            tasks.ContainerOverride(
                container_definition=definition.default_container,
                environment=[
                    tasks.TaskEnvironmentVariable(
                        name="TOKEN", value=stepfunctions.JsonPath.task_token
                    )
                ],
            )
        ],
    )
    each = stepfunctions.Map(stack, "Map", items_path="$.items").item_processor(
        tasks.EcsRunTask(
            stack, "Each", cluster=own, task_definition=definition, launch_target=fargate
        )
    )
    stepfunctions.StateMachine(
        stack,
        "Machine",
        definition_body=stepfunctions.DefinitionBody.from_chainable(token.next(each)),
    )
    definition.grant_run(
        functions.Function(
            stack,
            "Function",
            runtime=functions.Runtime.PYTHON_3_12,
            handler="index.handler",
            code=functions.Code.from_inline("pass"),
        )
    )


def on_instances(app: cdk.App) -> None:
    """The patterns for EC2, capacity added to a cluster, and Managed Instances."""
    stack = cdk.Stack(app, "OnInstances")
    vpc = ec2.Vpc(stack, "Vpc")
    own = ecs.Cluster(stack, "Cluster", vpc=vpc)
    group = autoscaling.AutoScalingGroup(
        stack,
        "Group",
        vpc=vpc,
        instance_type=ec2.InstanceType("t3.small"),
        machine_image=ecs.EcsOptimizedImage.amazon_linux2(),
    )
    own.add_asg_capacity_provider(
        ecs.AsgCapacityProvider(stack, "Provider", auto_scaling_group=group)
    )
    patterns.ApplicationLoadBalancedEc2Service(
        stack,
        "Web",
        cluster=own,
        memory_limit_mib=256,
        task_image_options=patterns.ApplicationLoadBalancedTaskImageOptions(image=PUBLIC),
    )
    patterns.ScheduledEc2Task(
        stack,
        "Job",
        cluster=own,
        schedule=scaling.Schedule.rate(cdk.Duration.days(1)),
        scheduled_ec2_task_image_options=patterns.ScheduledEc2TaskImageOptions(
            image=PUBLIC, memory_limit_mib=100
        ),
    )
    instance = iam.Role(
        stack,
        "Instance",
        role_name="ecsInstanceRoleTeam",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name(
                "AmazonECSInstanceRolePolicyForManagedInstances"
            )
        ],
    )
    infrastructure = iam.Role(
        stack,
        "Infrastructure",
        assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name(
                "AmazonECSInfrastructureRolePolicyForManagedInstances"
            )
        ],
    )
    own.add_managed_instances_capacity_provider(
        ecs.ManagedInstancesCapacityProvider(
            stack,
            "Managed",
            infrastructure_role=infrastructure,
            subnets=vpc.private_subnets,
            ec2_instance_profile=iam.InstanceProfile(stack, "Profile", role=instance),
            security_groups=[ec2.SecurityGroup(stack, "Instances", vpc=vpc)],
        )
    )


def connected(app: cdk.App) -> None:
    """Service Connect with TLS under an own key, and its own log; a lifecycle hook; FireLens to Kinesis."""
    stack = cdk.Stack(app, "Connected")
    own = cluster(
        stack,
        default_cloud_map_namespace=ecs.CloudMapNamespaceOptions(
            name="team", use_for_service_connect=True
        ),
    )
    key = kms.Key(stack, "Key")
    role = iam.Role(
        stack,
        "Tls",
        assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name(
                "service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity"
            )
        ],
    )
    key.grant(role, "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair")
    stream = kinesis.Stream(stack, "Stream")
    definition = task(stack, port_mappings=[ecs.PortMapping(container_port=80, name="http")])
    definition.add_container(
        "audit",
        image=PUBLIC,
        logging=ecs.LogDrivers.firelens(
            options={"Name": "kinesis", "region": stack.region, "stream": stream.stream_name}
        ),
    )
    service = ecs.FargateService(
        stack,
        "Service",
        cluster=own,
        task_definition=definition,
        service_connect_configuration=ecs.ServiceConnectProps(
            log_driver=ecs.LogDrivers.aws_logs(stream_prefix="mesh"),
            services=[
                ecs.ServiceConnectService(
                    port_mapping_name="http",
                    tls=ecs.ServiceConnectTlsConfiguration(
                        aws_pca_authority_arn=stack.format_arn(
                            service="acm-pca",
                            resource="certificate-authority",
                            resource_name="team",
                        ),
                        role=role,
                        kms_key=key,
                    ),
                )
            ],
        ),
    )
    service.add_lifecycle_hook(
        ecs.DeploymentLifecycleLambdaTarget(
            functions.Function(
                stack,
                "Hook",
                runtime=functions.Runtime.PYTHON_3_12,
                handler="index.handler",
                code=functions.Code.from_inline("pass"),
            ),
            "HookTarget",
            lifecycle_stages=[ecs.DeploymentLifecycleStage.PRE_SCALE_UP],
        )
    )


def divided(app: cdk.App) -> None:
    """Stages with assemblies of their own, a nested stack, a permissions boundary for all roles."""
    for name in ("Test", "Live"):
        stage = cdk.Stage(app, name, env=ENVIRONMENT)
        data, service = cdk.Stack(stage, "Data"), cdk.Stack(stage, "Service")
        secret = secretsmanager.Secret(data, "Secret")
        ecs.FargateService(
            service,
            "Service",
            cluster=cluster(service),
            task_definition=task(
                service,
                image=ecs.ContainerImage.from_ecr_repository(
                    ecr.Repository(data, "Repository"), "1"
                ),
                secrets={"S": ecs.Secret.from_secrets_manager(secret, "key")},
            ),
        )
    outer = cdk.Stack(app, "Outer")
    inner = cdk.NestedStack(outer, "Inner")
    secret = secretsmanager.Secret(outer, "Secret")
    definition = task(
        inner, image=from_repository(outer), secrets={"S": ecs.Secret.from_secrets_manager(secret)}
    )
    ecs.FargateService(inner, "Service", cluster=cluster(inner), task_definition=definition)
    iam.PermissionsBoundary.of(outer).apply(
        iam.ManagedPolicy(
            outer,
            "Boundary",
            statements=[
                iam.PolicyStatement(
                    resources=["*"], actions=["logs:*", "ecr:*", "secretsmanager:GetSecretValue"]
                )
            ],
        )
    )


def isolated(app: cdk.App) -> None:
    """Subnets without a way out, with every endpoint that the tasks need."""
    stack = cdk.Stack(app, "Isolated")
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        nat_gateways=0,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        ],
    )
    service = ec2.InterfaceVpcEndpointAwsService
    for name, each in (
        ("Api", service.ECR),
        ("Docker", service.ECR_DOCKER),
        ("Exec", service.SSM_MESSAGES),
        ("Logs", service.CLOUDWATCH_LOGS),
        ("Secrets", service.SECRETS_MANAGER),
    ):
        vpc.add_interface_endpoint(name, service=each)
    vpc.add_gateway_endpoint("Layers", service=ec2.GatewayVpcEndpointAwsService.S3)
    ecs.FargateService(
        stack,
        "Service",
        cluster=ecs.Cluster(stack, "Cluster", vpc=vpc),
        enable_execute_command=True,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        task_definition=task(
            stack,
            image=from_repository(stack),
            secrets={"S": ecs.Secret.from_secrets_manager(secretsmanager.Secret(stack, "Secret"))},
        ),
    )


STACKS = (plain, deployed, launched, on_instances, connected, divided, isolated)
