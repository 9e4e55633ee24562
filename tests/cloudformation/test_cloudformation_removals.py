"""Healthy stacks of what works beside a task; with one grant taken away, the fault is found.

Each stack is written as a team would; each removal is a text of it, what stands there instead, and
the rule that finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.analysis.scan import scan
from ecs_preflight.findings.finding import Severity

TRUST = """
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: %s}}]"""
TASK = f"""
  Execution:
    Type: AWS::IAM::Role
    Properties:{TRUST % "ecs-tasks.amazonaws.com"}
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy']
  App:
    Type: AWS::IAM::Role
    Properties:{TRUST % "ecs-tasks.amazonaws.com"}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: app
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ExecutionRoleArn: !GetAtt Execution.Arn
      TaskRoleArn: !GetAtt App.Arn
      ContainerDefinitions: [{{Name: app, PortMappings: [{{ContainerPort: 80, Name: http}}], Image: 'public.ecr.aws/nginx/nginx:1.27'}}]
"""
SERVICE = """
  Service:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1], AssignPublicIp: ENABLED}}
"""


def role(name: str, service: str, more: str) -> str:
    return f"  {name}:\n    Type: AWS::IAM::Role\n    Properties:{TRUST % service}\n{more}\n"


def inline(*statements: str) -> str:
    listed = "".join(
        f"\n              - {{Effect: Allow, {statement}}}" for statement in statements
    )
    return (
        "      Policies:\n        - PolicyName: own\n          PolicyDocument:\n"
        f"            Version: '2012-10-17'\n            Statement:{listed}"
    )


CODE_DEPLOY = (
    TASK
    + SERVICE
    + role(
        "Deploy",
        "codedeploy.amazonaws.com",
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS']",
    )
    + """
  Group:
    Type: AWS::CodeDeploy::DeploymentGroup
    Properties:
      ApplicationName: app
      ServiceRoleArn: !GetAtt Deploy.Arn
      ECSServices: [{ClusterName: main, ServiceName: !GetAtt Service.Name}]
"""
)
PIPELINE = (
    TASK
    + SERVICE
    + role(
        "Pipe",
        "codepipeline.amazonaws.com",
        inline(
            "Action: ['ecs:Describe*', 'ecs:ListTasks', 'ecs:TagResource'], Resource: '*'",
            "Action: 'ecs:RegisterTaskDefinition', Resource: '*'",
            "Action: 'ecs:UpdateService', Resource: '*'",
            "Action: 'iam:PassRole', Resource: [!GetAtt App.Arn, !GetAtt Execution.Arn]",
        ),
    )
    + """
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: !GetAtt Pipe.Arn
      Stages:
        - Name: Deploy
          Actions:
            - Name: Deploy
              ActionTypeId: {Category: Deploy, Owner: AWS, Provider: ECS, Version: '1'}
              Configuration: {ClusterName: main, ServiceName: !GetAtt Service.Name}
"""
)
ACTION = (
    PIPELINE.replace(
        "              Configuration:",
        "              RoleArn: !GetAtt Pipe.Arn\n              Configuration:",
    )
    .replace(
        "Principal: {Service: codepipeline.amazonaws.com}",
        "Principal: {AWS: !Sub '${AWS::AccountId}'}",
    )
    .replace(
        "      RoleArn: !GetAtt Pipe.Arn\n      Stages",
        "      RoleArn: !Sub 'arn:aws:iam::${AWS::AccountId}:role/p'\n      Stages",
    )
)
MANAGED = (
    TASK
    + SERVICE
    + role(
        "Instance",
        "ec2.amazonaws.com",
        "      RoleName: ecsInstanceRoleApp\n"
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonECSInstanceRolePolicyForManagedInstances']",
    )
    + role(
        "Infrastructure",
        "ecs.amazonaws.com",
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances']",
    )
    + """
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Instance]}}
  Provider:
    Type: AWS::ECS::CapacityProvider
    Properties:
      ManagedInstancesProvider:
        InfrastructureRoleArn: !GetAtt Infrastructure.Arn
        InstanceLaunchTemplate: {Ec2InstanceProfileArn: !GetAtt Profile.Arn}
"""
)
INSTANCES = (
    TASK
    + role(
        "Instance",
        "ec2.amazonaws.com",
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role']",
    )
    + """
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Instance]}}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        IamInstanceProfile: {Arn: !GetAtt Profile.Arn}
        UserData: !Base64 'echo ECS_CLUSTER=main >> /etc/ecs/ecs.config'
"""
)
CONNECT = (
    TASK
    + "  Key:\n    Type: AWS::KMS::Key\n    Properties:"
    + """
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}
"""
    + role(
        "Tls",
        "ecs.amazonaws.com",
        inline(
            "Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'], Resource: !GetAtt Key.Arn",
            "Action: 'kms:GenerateDataKeyPair', Resource: !GetAtt Key.Arn",
        )
        + """
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity
""",
    )
    + SERVICE
    + """      ServiceConnectConfiguration:
        Enabled: true
        Services:
          - PortName: http
            ClientAliases: [{Port: 80}]
            Tls: {RoleArn: !GetAtt Tls.Arn, KmsKey: !GetAtt Key.Arn, IssuerCertificateAuthority: {AwsPcaAuthorityArn: a}}
"""
)
HOOK = (
    TASK
    + role(
        "Hook",
        "ecs.amazonaws.com",
        inline(
            "Action: 'lambda:InvokeFunction', Resource: [!GetAtt Function.Arn, !Sub '${Function.Arn}:*']"
        ),
    )
    + SERVICE
    + """
      DeploymentConfiguration:
        Strategy: BLUE_GREEN
        LifecycleHooks:
          - {HookTargetArn: !GetAtt Function.Arn, RoleArn: !GetAtt Hook.Arn, LifecycleStages: [PRE_SCALE_UP]}
  Function: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::111122223333:role/f'}}
  Other: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::111122223333:role/f'}}
"""
)
ROUTER = (
    TASK.replace(
        "Image: 'public.ecr.aws/nginx/nginx:1.27'",
        (
            "Image: 'public.ecr.aws/nginx/nginx:1.27', LogConfiguration: {LogDriver: awsfirelens, Options: "
            "{Name: kinesis, region: eu-west-1, stream: !Ref Stream}}}, {Name: router, Image: "
            "'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0', "
            "FirelensConfiguration: {Type: fluentbit}"
        ),
    )
    + SERVICE
    + """
  Stream: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Other: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Write:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: write
      Roles: [!Ref App]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: ['kinesis:PutRecords'], Resource: !GetAtt Stream.Arn}]
"""
)
SCHEDULED = (
    TASK
    + role(
        "Events",
        "events.amazonaws.com",
        inline(
            "Action: 'ecs:RunTask', Resource: !Ref Task, "
            "Condition: {ArnEquals: {'ecs:cluster': 'arn:aws:ecs:eu-west-1:111122223333:cluster/main'}}",
            "Action: 'iam:PassRole', Resource: !GetAtt App.Arn",
            "Action: 'iam:PassRole', Resource: !GetAtt Execution.Arn",
        ),
    )
    + """
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
        - Id: task
          Arn: arn:aws:ecs:eu-west-1:111122223333:cluster/main
          RoleArn: !GetAtt Events.Arn
          EcsParameters: {TaskDefinitionArn: !Ref Task, LaunchType: FARGATE, NetworkConfiguration: {AwsVpcConfiguration: {Subnets: [subnet-1], AssignPublicIp: ENABLED}}}
"""
)
SECRET = (
    TASK.replace(
        "nginx:1.27'", "nginx:1.27', Secrets: [{Name: S, ValueFrom: !Sub '${Secret}:k::'}]"
    )
    + SERVICE
    + """
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !GetAtt Key.Arn}}
  Read:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: read
      Roles: [!Ref Execution]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: !Ref Secret}]
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}
          - Effect: Allow
            Principal: {AWS: !GetAtt Execution.Arn}
            Action: kms:Decrypt
            Resource: '*'
            Condition: {StringEquals: {'kms:ViaService': !Sub 'secretsmanager.${AWS::Region}.amazonaws.com'}}
"""
)

REMOVALS = [
    (
        "code deploy",
        CODE_DEPLOY,
        "policy/AWSCodeDeployRoleForECS",
        "policy/AWSXRayDaemonWriteAccess",
        "ECS824",
    ),
    ("code deploy", CODE_DEPLOY, "codedeploy.amazonaws.com", "ecs.amazonaws.com", "ECS505"),
    (
        "pipeline",
        PIPELINE,
        "'ecs:RegisterTaskDefinition'",
        "'ecs:DeregisterTaskDefinition'",
        "ECS824",
    ),
    ("pipeline", PIPELINE, "'ecs:UpdateService'", "'ecs:UpdateCluster'", "ECS824"),
    ("pipeline", PIPELINE, "codepipeline.amazonaws.com", "codebuild.amazonaws.com", "ECS505"),
    ("pipeline", PIPELINE, "[!GetAtt App.Arn, !GetAtt Execution.Arn]", "!GetAtt App.Arn", "ECS824"),
    ("action", ACTION, "'ecs:UpdateService'", "'ecs:UpdateCluster'", "ECS824"),
    (
        "managed",
        MANAGED,
        "AmazonECSInstanceRolePolicyForManagedInstances",
        "AmazonSSMManagedInstanceCore",
        "ECS825",
    ),
    ("managed", MANAGED, "ec2.amazonaws.com", "ecs.amazonaws.com", "ECS505"),
    ("managed", MANAGED, "ecsInstanceRoleApp", "app", "ECS824"),
    ("instances", INSTANCES, "Service: ec2.amazonaws.com", "Service: ecs.amazonaws.com", "ECS505"),
    (
        "instances",
        INSTANCES,
        "service-role/AmazonEC2ContainerServiceforEC2Role",
        "AmazonSSMManagedInstanceCore",
        "ECS825",
    ),
    ("connect", CONNECT, "'kms:Decrypt', ", "", "ECS824"),
    ("connect", CONNECT, "'kms:GenerateDataKeyPair'", "'kms:DescribeKey'", "ECS824"),
    (
        "hook",
        HOOK,
        "[!GetAtt Function.Arn, !Sub '${Function.Arn}:*']",
        "!GetAtt Other.Arn",
        "ECS824",
    ),
    ("hook", HOOK, "lambda:InvokeFunction", "lambda:GetFunction", "ECS824"),
    ("router", ROUTER, "kinesis:PutRecords", "kinesis:PutRecord", "ECS806"),
    ("router", ROUTER, "!GetAtt Stream.Arn", "!GetAtt Other.Arn", "ECS806"),
    ("scheduled", SCHEDULED, "'ecs:RunTask'", "'ecs:StopTask'", "ECS821"),
    (
        "scheduled",
        SCHEDULED,
        "'ecs:cluster': 'arn:aws:ecs:eu-west-1:111122223333:cluster/main'",
        "'ecs:cluster': 'arn:aws:ecs:eu-west-1:111122223333:cluster/other'",
        "ECS821",
    ),
    (
        "scheduled",
        SCHEDULED,
        "'iam:PassRole', Resource: !GetAtt App.Arn",
        "'iam:GetRole', Resource: '*'",
        "ECS821",
    ),
    (
        "secret",
        SECRET,
        "'kms:ViaService': !Sub 'secretsmanager.",
        "'kms:ViaService': !Sub 'ssm.",
        "ECS607",
    ),
    ("secret", SECRET, "Action: kms:Decrypt", "Action: kms:Encrypt", "ECS607"),
    ("secret", SECRET, "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret", "ECS605"),
]
STACKS = {name: text for name, text, *_ in REMOVALS}


def rules(tmp_path: Path, resources: str) -> dict[str, Severity]:
    path = tmp_path / "template.yaml"
    path.write_text(f"Resources:\n{resources}")
    report = scan([path])
    assert report.stats.stacks == 1 and not report.faults
    return {finding.rule: finding.severity for finding in report.findings}


@pytest.mark.parametrize("name", STACKS)
def test_a_healthy_stack_is_healthy(tmp_path: Path, name: str) -> None:
    assert rules(tmp_path, STACKS[name]) == {}


@pytest.mark.parametrize(
    ("name", "text", "old", "new", "rule"),
    REMOVALS,
    ids=[f"{name}-{new[:40]}" for name, _, _, new, _ in REMOVALS],
)
def test_what_is_taken_away_is_missed(
    tmp_path: Path, name: str, text: str, old: str, new: str, rule: str
) -> None:
    assert old in text
    assert rule in rules(tmp_path, text.replace(old, new))


def test_the_task_role_of_a_task_on_ec2_is_left_open(tmp_path: Path) -> None:
    """The guide asks for the permission; CDK's ScheduledEc2Task does without."""
    on_ec2 = (
        SCHEDULED.replace("[FARGATE]", "[EC2]")
        .replace("LaunchType: FARGATE", "LaunchType: EC2")
        .replace(", AssignPublicIp: ENABLED", "")
    )
    assert rules(tmp_path, on_ec2) == {}
    assert (
        rules(
            tmp_path,
            on_ec2.replace(
                "'iam:PassRole', Resource: !GetAtt App.Arn", "'iam:GetRole', Resource: '*'"
            ),
        )
        == {}
    )
    assert rules(
        tmp_path,
        on_ec2.replace(
            "'iam:PassRole', Resource: !GetAtt Execution.Arn", "'iam:GetRole', Resource: '*'"
        ),
    ) == {"ECS821": Severity.ERROR}


def test_a_principal_of_ec2_in_china_is_left_open(tmp_path: Path) -> None:
    assert (
        rules(
            tmp_path,
            INSTANCES.replace("Service: ec2.amazonaws.com", "Service: ec2.amazonaws.com.cn"),
        )
        == {}
    )
