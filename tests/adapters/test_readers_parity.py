"""What is the same in Terraform and CloudFormation gives the same objects of the model."""

from __future__ import annotations

from typing import Any

import pytest
from declaring import declared, read

from ecs_preflight.adapters.resource_types import CLOUDFORMATION, TERRAFORM, readers
from ecs_preflight.symbolic.records import fields, is_dataclass, replace
from ecs_preflight.symbolic.values import Reference

Written = tuple[str, dict[str, Any]]

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
CONTAINER = {
    "name": "app",
    "image": "nginx",
    "essential": True,
    "user": "1000",
    "privileged": False,
    "command": ["run"],
    "readonlyRootFilesystem": True,
    "secrets": [{"name": "A", "valueFrom": "/app/a"}],
    "environment": [{"name": "B", "value": ""}],
    "environmentFiles": [{"value": "arn:aws:s3:::b/app.env", "type": "s3"}],
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {"awslogs-group": "g"},
        "secretOptions": [{"name": "T", "valueFrom": "token"}],
    },
    "repositoryCredentials": {"credentialsParameter": "arn:c"},
    "mountPoints": [{"sourceVolume": "v", "containerPath": "/v", "readOnly": True}],
    "linuxParameters": {"initProcessEnabled": True},
    "dependsOn": [{"containerName": "init", "condition": "SUCCESS"}],
    "firelensConfiguration": {"type": "fluentbit", "options": {"config-file-type": "file"}},
    "credentialSpecs": ["credentialspec:arn:x"],
}


def pascal(data: Any) -> Any:
    """As CloudFormation spells it; the keys of options are the user's."""
    if isinstance(data, dict):
        return {
            key[0].upper() + key[1:]: item if key == "options" else pascal(item)
            for key, item in data.items()
        }
    return [pascal(item) for item in data] if isinstance(data, list) else data


DEPLOYED = {"ApplicationName": "a", "DeploymentGroupName": "g"}
NETWORK = {"subnets": ["s"], "security_groups": ["g"], "assign_public_ip": True}
AWSVPC = {"Subnets": ["s"], "SecurityGroups": ["g"], "AssignPublicIp": "ENABLED"}
PARAMETERS = {
    "TaskDefinition": "app:1",
    "Cluster": "c",
    "LaunchType": "FARGATE",
    "PlatformVersion": "1.4.0",
    "NetworkConfiguration": {"AwsvpcConfiguration": AWSVPC},
}
MACHINE = {
    "StartAt": "Run",
    "States": {
        "Run": {
            "Type": "Task",
            "Resource": "arn:aws:states:::ecs:runTask.sync",
            "Parameters": PARAMETERS,
        }
    },
}

PAIRS: dict[str, tuple[list[Written], list[Written]]] = {
    "task definition": (
        [
            (
                "aws_ecs_task_definition",
                {
                    "family": "app",
                    "execution_role_arn": "e",
                    "task_role_arn": "t",
                    "network_mode": "awsvpc",
                    "requires_compatibilities": ["FARGATE"],
                    "pid_mode": "task",
                    "ipc_mode": "none",
                    "runtime_platform": [{"operating_system_family": "LINUX"}],
                    "proxy_configuration": [{"type": "APPMESH"}],
                    "container_definitions": [CONTAINER],
                    "volume": [
                        {"name": "a", "host_path": "/x"},
                        {
                            "name": "b",
                            "efs_volume_configuration": [
                                {
                                    "file_system_id": "fs",
                                    "root_directory": "/",
                                    "transit_encryption_port": 2999,
                                    "transit_encryption": "ENABLED",
                                    "authorization_config": [
                                        {"iam": "ENABLED", "access_point_id": "ap"}
                                    ],
                                }
                            ],
                        },
                        {
                            "name": "c",
                            "fsx_windows_file_server_volume_configuration": [
                                {
                                    "authorization_config": [
                                        {"credentials_parameter": "arn:c", "domain": "d"}
                                    ]
                                }
                            ],
                        },
                        {
                            "name": "d",
                            "s3files_volume_configuration": [{"file_system_arn": "arn:f"}],
                        },
                        {"name": "e", "docker_volume_configuration": [{"driver": "local"}]},
                    ],
                },
            )
        ],
        [
            (
                "AWS::ECS::TaskDefinition",
                {
                    "Family": "app",
                    "ExecutionRoleArn": "e",
                    "TaskRoleArn": "t",
                    "NetworkMode": "awsvpc",
                    "RequiresCompatibilities": ["FARGATE"],
                    "PidMode": "task",
                    "IpcMode": "none",
                    "RuntimePlatform": {"OperatingSystemFamily": "LINUX"},
                    "ProxyConfiguration": {"Type": "APPMESH"},
                    "ContainerDefinitions": [pascal(CONTAINER)],
                    "Volumes": [
                        {"Name": "a", "Host": {"SourcePath": "/x"}},
                        {
                            "Name": "b",
                            "EFSVolumeConfiguration": {
                                "FilesystemId": "fs",
                                "RootDirectory": "/",
                                "TransitEncryptionPort": 2999,
                                "TransitEncryption": "ENABLED",
                                "AuthorizationConfig": {"IAM": "ENABLED", "AccessPointId": "ap"},
                            },
                        },
                        {
                            "Name": "c",
                            "FSxWindowsFileServerVolumeConfiguration": {
                                "AuthorizationConfig": {
                                    "CredentialsParameter": "arn:c",
                                    "Domain": "d",
                                }
                            },
                        },
                        {"Name": "d", "S3FilesVolumeConfiguration": {"FileSystemArn": "arn:f"}},
                        {"Name": "e", "DockerVolumeConfiguration": {"driver": "local"}},
                    ],
                },
            )
        ],
    ),
    "daemon task definition": (
        [
            (
                "aws_ecs_daemon_task_definition",
                {
                    "family": "agent",
                    "execution_role_arn": "e",
                    "container_definition": [
                        {
                            "name": "a",
                            "image": "i",
                            "secret": [{"name": "S", "value_from": "/s"}],
                            "readonly_root_filesystem": True,
                        }
                    ],
                },
            )
        ],
        [
            (
                "AWS::ECS::DaemonTaskDefinition",
                {
                    "Family": "agent",
                    "ExecutionRoleArn": "e",
                    "ContainerDefinitions": [
                        {
                            "Name": "a",
                            "Image": "i",
                            "Secrets": [{"Name": "S", "ValueFrom": "/s"}],
                            "ReadonlyRootFilesystem": True,
                        }
                    ],
                },
            )
        ],
    ),
    "express service": (
        [
            (
                "aws_ecs_express_gateway_service",
                {
                    "execution_role_arn": "e",
                    "task_role_arn": "t",
                    "infrastructure_role_arn": "i",
                    "cluster": "c",
                    "network_configuration": [{"subnets": ["s"], "security_groups": ["g"]}],
                    "primary_container": [
                        {
                            "image": "i",
                            "environment": [{"name": "E", "value": "1"}],
                            "secret": [{"name": "S", "value_from": "/s"}],
                            "repository_credentials": [{"credentials_parameter": "arn:c"}],
                            "aws_logs_configuration": [
                                {"log_group": "g", "log_stream_prefix": "p"}
                            ],
                        }
                    ],
                },
            )
        ],
        [
            (
                "AWS::ECS::ExpressGatewayService",
                {
                    "ExecutionRoleArn": "e",
                    "TaskRoleArn": "t",
                    "InfrastructureRoleArn": "i",
                    "Cluster": "c",
                    "NetworkConfiguration": {"Subnets": ["s"], "SecurityGroups": ["g"]},
                    "PrimaryContainer": {
                        "Image": "i",
                        "Environment": [{"Name": "E", "Value": "1"}],
                        "Secrets": [{"Name": "S", "ValueFrom": "/s"}],
                        "RepositoryCredentials": {"CredentialsParameter": "arn:c"},
                        "AwsLogsConfiguration": {"LogGroup": "g", "LogStreamPrefix": "p"},
                    },
                },
            )
        ],
    ),
    "service": (
        [
            (
                "aws_ecs_service",
                {
                    "task_definition": "app:1",
                    "cluster": "c",
                    "enable_execute_command": "true",
                    "launch_type": "FARGATE",
                    "platform_version": "1.3.0",
                    "iam_role": "r",
                    "network_configuration": [NETWORK],
                    "propagate_tags": "SERVICE",
                    "capacity_provider_strategy": [
                        {"capacity_provider": "FARGATE_SPOT", "weight": 1}
                    ],
                    "volume_configuration": [
                        {
                            "name": "v",
                            "managed_ebs_volume": [{"role_arn": "ebs", "kms_key_id": "k"}],
                        }
                    ],
                    "service_connect_configuration": [
                        {
                            "log_configuration": [
                                {
                                    "log_driver": "awslogs",
                                    "options": {"awslogs-group": "g"},
                                    "secret_option": [{"name": "n", "value_from": "v"}],
                                }
                            ],
                            "service": [
                                {"port_name": "p", "tls": [{"role_arn": "tls", "kms_key": "k2"}]},
                                {"port_name": "q"},
                            ],
                        }
                    ],
                    "vpc_lattice_configurations": [{"role_arn": "lattice"}],
                    "load_balancer": [{"advanced_configuration": [{"role_arn": "elb"}]}],
                    "deployment_configuration": [{"lifecycle_hook": [{"role_arn": "hook"}]}],
                },
            )
        ],
        [
            (
                "AWS::ECS::Service",
                {
                    "TaskDefinition": "app:1",
                    "Cluster": "c",
                    "EnableExecuteCommand": "true",
                    "LaunchType": "FARGATE",
                    "PlatformVersion": "1.3.0",
                    "Role": "r",
                    "NetworkConfiguration": {"AwsvpcConfiguration": AWSVPC},
                    "PropagateTags": "SERVICE",
                    "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}],
                    "VolumeConfigurations": [
                        {"Name": "v", "ManagedEBSVolume": {"RoleArn": "ebs", "KmsKeyId": "k"}}
                    ],
                    "ServiceConnectConfiguration": {
                        "LogConfiguration": {
                            "LogDriver": "awslogs",
                            "Options": {"awslogs-group": "g"},
                            "SecretOptions": [{"Name": "n", "ValueFrom": "v"}],
                        },
                        "Services": [
                            {"PortName": "p", "Tls": {"RoleArn": "tls", "KmsKey": "k2"}},
                            {"PortName": "q"},
                        ],
                    },
                    "VpcLatticeConfigurations": [{"RoleArn": "lattice"}],
                    "LoadBalancers": [{"AdvancedConfiguration": {"RoleArn": "elb"}}],
                    "DeploymentConfiguration": {"LifecycleHooks": [{"RoleArn": "hook"}]},
                },
            )
        ],
    ),
    "task set": (
        [
            (
                "aws_ecs_task_set",
                {
                    "task_definition": "app:1",
                    "cluster": "c",
                    "launch_type": "FARGATE",
                    "network_configuration": [NETWORK],
                },
            )
        ],
        [
            (
                "AWS::ECS::TaskSet",
                {
                    "TaskDefinition": "app:1",
                    "Cluster": "c",
                    "LaunchType": "FARGATE",
                    "NetworkConfiguration": {"AwsVpcConfiguration": AWSVPC},
                },
            )
        ],
    ),
    "daemon": (
        [
            (
                "aws_ecs_daemon",
                {
                    "daemon_task_definition_arn": "d:1",
                    "cluster_arn": "c",
                    "enable_execute_command": True,
                    "capacity_provider_arns": ["p"],
                },
            )
        ],
        [
            (
                "AWS::ECS::Daemon",
                {
                    "DaemonTaskDefinitionArn": "d:1",
                    "ClusterArn": "c",
                    "EnableExecuteCommand": True,
                    "CapacityProviderArns": ["p"],
                },
            )
        ],
    ),
    "event target": (
        [
            (
                "aws_cloudwatch_event_target",
                {
                    "arn": "c",
                    "role_arn": "r",
                    "input": '{"taskRoleArn": "o"}',
                    "ecs_target": [
                        {
                            "task_definition_arn": "app:1",
                            "launch_type": "FARGATE",
                            "propagate_tags": "TASK_DEFINITION",
                            "enable_execute_command": True,
                            "platform_version": "LATEST",
                            "network_configuration": [NETWORK],
                        }
                    ],
                },
            )
        ],
        [
            (
                "AWS::Events::Rule",
                {
                    "Targets": [
                        {
                            "Arn": "c",
                            "RoleArn": "r",
                            "Input": '{"taskRoleArn": "o"}',
                            "EcsParameters": {
                                "TaskDefinitionArn": "app:1",
                                "LaunchType": "FARGATE",
                                "PropagateTags": "TASK_DEFINITION",
                                "EnableExecuteCommand": True,
                                "PlatformVersion": "LATEST",
                                "NetworkConfiguration": {"AwsVpcConfiguration": AWSVPC},
                            },
                        }
                    ]
                },
            )
        ],
    ),
    "schedule": (
        [
            (
                "aws_scheduler_schedule",
                {
                    "target": [
                        {
                            "arn": "c",
                            "role_arn": "r",
                            "ecs_parameters": [
                                {
                                    "task_definition_arn": "app:1",
                                    "enable_execute_command": True,
                                    "network_configuration": [NETWORK],
                                    "capacity_provider_strategy": [
                                        {"capacity_provider": "FARGATE"}
                                    ],
                                }
                            ],
                        }
                    ]
                },
            )
        ],
        [
            (
                "AWS::Scheduler::Schedule",
                {
                    "Target": {
                        "Arn": "c",
                        "RoleArn": "r",
                        "EcsParameters": {
                            "TaskDefinitionArn": "app:1",
                            "EnableExecuteCommand": True,
                            "NetworkConfiguration": {"AwsvpcConfiguration": AWSVPC},
                            "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE"}],
                        },
                    }
                },
            )
        ],
    ),
    "pipe": (
        [
            (
                "aws_pipes_pipe",
                {
                    "target": "c",
                    "role_arn": "r",
                    "target_parameters": [
                        {
                            "ecs_task_parameters": [
                                {
                                    "task_definition_arn": "app:1",
                                    "enable_execute_command": True,
                                    "network_configuration": [
                                        {
                                            "aws_vpc_configuration": [
                                                {**NETWORK, "assign_public_ip": "ENABLED"}
                                            ]
                                        }
                                    ],
                                    "overrides": [{"execution_role_arn": "x"}],
                                }
                            ]
                        }
                    ],
                },
            )
        ],
        [
            (
                "AWS::Pipes::Pipe",
                {
                    "Target": "c",
                    "RoleArn": "r",
                    "TargetParameters": {
                        "EcsTaskParameters": {
                            "TaskDefinitionArn": "app:1",
                            "EnableExecuteCommand": True,
                            "NetworkConfiguration": {"AwsvpcConfiguration": AWSVPC},
                            "Overrides": {"ExecutionRoleArn": "x"},
                        }
                    },
                },
            )
        ],
    ),
    "state machine": (
        [("aws_sfn_state_machine", {"role_arn": "r", "definition": MACHINE})],
        [("AWS::StepFunctions::StateMachine", {"RoleArn": "r", "Definition": MACHINE})],
    ),
    "cluster": (
        [
            (
                "aws_ecs_cluster",
                {
                    "name": "c",
                    "configuration": [
                        {
                            "execute_command_configuration": [
                                {
                                    "kms_key_id": "k",
                                    "logging": "OVERRIDE",
                                    "log_configuration": [
                                        {
                                            "cloud_watch_log_group_name": "g",
                                            "cloud_watch_encryption_enabled": True,
                                            "s3_bucket_name": "b",
                                            "s3_bucket_encryption_enabled": True,
                                            "s3_key_prefix": "p",
                                        }
                                    ],
                                }
                            ],
                            "managed_storage_configuration": [
                                {
                                    "fargate_ephemeral_storage_kms_key_id": "f",
                                    "kms_key_id": "v",
                                }
                            ],
                        }
                    ],
                },
            ),
            (
                "aws_ecs_cluster_capacity_providers",
                {
                    "cluster_name": "c",
                    "capacity_providers": ["FARGATE"],
                    "default_capacity_provider_strategy": [{"capacity_provider": "FARGATE"}],
                },
            ),
        ],
        [
            (
                "AWS::ECS::Cluster",
                {
                    "ClusterName": "c",
                    "Configuration": {
                        "ExecuteCommandConfiguration": {
                            "KmsKeyId": "k",
                            "Logging": "OVERRIDE",
                            "LogConfiguration": {
                                "CloudWatchLogGroupName": "g",
                                "CloudWatchEncryptionEnabled": True,
                                "S3BucketName": "b",
                                "S3EncryptionEnabled": True,
                                "S3KeyPrefix": "p",
                            },
                        },
                        "ManagedStorageConfiguration": {
                            "FargateEphemeralStorageKmsKeyId": "f",
                            "KmsKeyId": "v",
                        },
                    },
                },
            ),
            (
                "AWS::ECS::ClusterCapacityProviderAssociations",
                {
                    "Cluster": "c",
                    "CapacityProviders": ["FARGATE"],
                    "DefaultCapacityProviderStrategy": [{"CapacityProvider": "FARGATE"}],
                },
            ),
        ],
    ),
    "capacity provider": (
        [
            (
                "aws_ecs_capacity_provider",
                {
                    "name": "p",
                    "managed_instances_provider": [
                        {
                            "infrastructure_role_arn": "i",
                            "instance_launch_template": [{"ec2_instance_profile_arn": "profile"}],
                        }
                    ],
                },
            ),
            ("aws_iam_instance_profile", {"name": "profile", "role": "r"}),
        ],
        [
            (
                "AWS::ECS::CapacityProvider",
                {
                    "Name": "p",
                    "ManagedInstancesProvider": {
                        "InfrastructureRoleArn": "i",
                        "InstanceLaunchTemplate": {"Ec2InstanceProfileArn": "profile"},
                    },
                },
            ),
            ("AWS::IAM::InstanceProfile", {"InstanceProfileName": "profile", "Roles": ["r"]}),
        ],
    ),
    "capacity provider of an Auto Scaling group": (
        [
            (
                "aws_ecs_capacity_provider",
                {"name": "p", "auto_scaling_group_provider": [{"auto_scaling_group_arn": "g"}]},
            ),
            (
                "aws_autoscaling_group",
                {
                    "name": "g",
                    "launch_template": [{"id": "t"}],
                    "vpc_zone_identifier": ["s"],
                },
            ),
            (
                "aws_launch_template",
                {
                    "name": "t",
                    "image_id": "ami-1",
                    "user_data": "ZWNobyBoaQ==",
                    "iam_instance_profile": [{"name": "n"}],
                    "vpc_security_group_ids": ["g"],
                    "network_interfaces": [
                        {"security_groups": ["h"], "associate_public_ip_address": True}
                    ],
                },
            ),
        ],
        [
            (
                "AWS::ECS::CapacityProvider",
                {"Name": "p", "AutoScalingGroupProvider": {"AutoScalingGroupArn": "g"}},
            ),
            (
                "AWS::AutoScaling::AutoScalingGroup",
                {
                    "AutoScalingGroupName": "g",
                    "LaunchTemplate": {"LaunchTemplateId": "t"},
                    "VPCZoneIdentifier": ["s"],
                },
            ),
            (
                "AWS::EC2::LaunchTemplate",
                {
                    "LaunchTemplateName": "t",
                    "LaunchTemplateData": {
                        "ImageId": "ami-1",
                        "UserData": "ZWNobyBoaQ==",
                        "IamInstanceProfile": {"Name": "n"},
                        "SecurityGroupIds": ["g"],
                        "NetworkInterfaces": [{"Groups": ["h"], "AssociatePublicIpAddress": True}],
                    },
                },
            ),
        ],
    ),
    "role with policies": (
        [
            (
                "aws_iam_role",
                {
                    "name": "r",
                    "path": "/a/",
                    "assume_role_policy": DOCUMENT,
                    "permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess",
                },
            ),
            ("aws_iam_role_policy", {"role": "r", "name": "one", "policy": DOCUMENT}),
            ("aws_iam_policy", {"name": "p", "policy": DOCUMENT}),
        ],
        [
            (
                "AWS::IAM::Role",
                {
                    "RoleName": "r",
                    "Path": "/a/",
                    "AssumeRolePolicyDocument": DOCUMENT,
                    "PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess",
                },
            ),
            (
                "AWS::IAM::RolePolicy",
                {"RoleName": "r", "PolicyName": "one", "PolicyDocument": DOCUMENT},
            ),
            ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "p", "PolicyDocument": DOCUMENT}),
        ],
    ),
    "secret": (
        [
            ("aws_secretsmanager_secret", {"name": "s", "kms_key_id": "k", "tags": {"a": "b"}}),
            ("aws_secretsmanager_secret_policy", {"secret_arn": "s", "policy": DOCUMENT}),
        ],
        [
            (
                "AWS::SecretsManager::Secret",
                {"Name": "s", "KmsKeyId": "k", "Tags": [{"Key": "a", "Value": "b"}]},
            ),
            ("AWS::SecretsManager::ResourcePolicy", {"SecretId": "s", "ResourcePolicy": DOCUMENT}),
        ],
    ),
    "database": (
        [
            (
                "aws_db_instance",
                {"manage_master_user_password": True, "master_user_secret_kms_key_id": "k"},
            )
        ],
        [
            (
                "AWS::RDS::DBInstance",
                {"ManageMasterUserPassword": True, "MasterUserSecret": {"KmsKeyId": "k"}},
            )
        ],
    ),
    "database cluster": (
        [
            (
                "aws_rds_cluster",
                {"manage_master_user_password": True, "master_user_secret_kms_key_id": "k"},
            )
        ],
        [
            (
                "AWS::RDS::DBCluster",
                {"ManageMasterUserPassword": True, "MasterUserSecret": {"KmsKeyId": "k"}},
            )
        ],
    ),
    "parameter": (
        [("aws_ssm_parameter", {"name": "/app/a", "type": "String", "tags": {"a": "b"}})],
        [("AWS::SSM::Parameter", {"Name": "/app/a", "Type": "String", "Tags": {"a": "b"}})],
    ),
    "key": (
        [
            ("aws_kms_key", {"policy": DOCUMENT, "multi_region": True}),
            ("aws_kms_replica_key", {"policy": DOCUMENT}),
        ],
        [
            ("AWS::KMS::Key", {"KeyPolicy": DOCUMENT, "MultiRegion": True}),
            ("AWS::KMS::ReplicaKey", {"KeyPolicy": DOCUMENT}),
        ],
    ),
    "log group": (
        [("aws_cloudwatch_log_group", {"name": "g", "kms_key_id": "k"})],
        [("AWS::Logs::LogGroup", {"LogGroupName": "g", "KmsKeyId": "k"})],
    ),
    "repository": (
        [
            ("aws_ecr_repository", {"name": "app", "encryption_configuration": [{"kms_key": "k"}]}),
            ("aws_ecr_repository_policy", {"repository": "app", "policy": DOCUMENT}),
        ],
        [
            (
                "AWS::ECR::Repository",
                {
                    "RepositoryName": "app",
                    "RepositoryPolicyText": DOCUMENT,
                    "EncryptionConfiguration": {"KmsKey": "k"},
                },
            )
        ],
    ),
    "registry": (
        [
            ("aws_ecr_registry_policy", {"policy": DOCUMENT}),
            ("aws_ecr_pull_through_cache_rule", {"ecr_repository_prefix": "hub"}),
        ],
        [
            ("AWS::ECR::RegistryPolicy", {"PolicyText": DOCUMENT}),
            ("AWS::ECR::PullThroughCacheRule", {"EcrRepositoryPrefix": "hub"}),
        ],
    ),
    "bucket": (
        [
            ("aws_s3_bucket", {"bucket": "b"}),
            ("aws_s3_bucket_policy", {"bucket": "b", "policy": DOCUMENT}),
            (
                "aws_s3_bucket_server_side_encryption_configuration",
                {
                    "bucket": "b",
                    "rule": [
                        {"apply_server_side_encryption_by_default": [{"kms_master_key_id": "k"}]}
                    ],
                },
            ),
        ],
        [
            (
                "AWS::S3::Bucket",
                {
                    "BucketName": "b",
                    "BucketEncryption": {
                        "ServerSideEncryptionConfiguration": [
                            {"ServerSideEncryptionByDefault": {"KMSMasterKeyID": "k"}}
                        ]
                    },
                },
            ),
            ("AWS::S3::BucketPolicy", {"Bucket": "b", "PolicyDocument": DOCUMENT}),
        ],
    ),
    "file system": (
        [
            ("aws_efs_file_system", {"kms_key_id": "k"}),
            (
                "aws_efs_file_system_policy",
                {"file_system_id": Reference("it0", "id"), "policy": DOCUMENT},
            ),
        ],
        [("AWS::EFS::FileSystem", {"KmsKeyId": "k", "FileSystemPolicy": DOCUMENT})],
    ),
    "S3 file system": (
        [("aws_s3files_file_system", {"bucket": "arn:aws:s3:::b", "kms_key_id": "k"})],
        [("AWS::S3Files::FileSystem", {"Bucket": "arn:aws:s3:::b", "KmsKeyId": "k"})],
    ),
    "endpoint": (
        [
            (
                "aws_vpc_endpoint",
                {
                    "vpc_id": "v",
                    "service_name": "com.amazonaws.r.ssm",
                    "vpc_endpoint_type": "Interface",
                    "private_dns_enabled": True,
                    "security_group_ids": ["g"],
                    "route_table_ids": ["t"],
                    "policy": DOCUMENT,
                },
            )
        ],
        [
            (
                "AWS::EC2::VPCEndpoint",
                {
                    "VpcId": "v",
                    "ServiceName": "com.amazonaws.r.ssm",
                    "VpcEndpointType": "Interface",
                    "PrivateDnsEnabled": True,
                    "SecurityGroupIds": ["g"],
                    "RouteTableIds": ["t"],
                    "PolicyDocument": DOCUMENT,
                },
            )
        ],
    ),
    "subnet and gateways": (
        [
            ("aws_vpc", {"cidr_block": "10.0.0.0/16", "enable_dns_hostnames": True}),
            ("aws_subnet", {"vpc_id": "v", "map_public_ip_on_launch": True}),
            ("aws_internet_gateway_attachment", {"vpc_id": "v", "internet_gateway_id": "i"}),
            ("aws_ec2_transit_gateway_vpc_attachment", {"vpc_id": "v"}),
        ],
        [
            ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True}),
            ("AWS::EC2::Subnet", {"VpcId": "v", "MapPublicIpOnLaunch": True}),
            ("AWS::EC2::VPCGatewayAttachment", {"VpcId": "v", "InternetGatewayId": "i"}),
            ("AWS::EC2::TransitGatewayAttachment", {"VpcId": "v"}),
        ],
    ),
    "security group": (
        [
            (
                "aws_security_group",
                {
                    "vpc_id": "v",
                    "ingress": [{"protocol": "tcp", "from_port": 80, "to_port": 80}],
                    "egress": [
                        {
                            "protocol": "-1",
                            "from_port": 0,
                            "to_port": 0,
                            "cidr_blocks": ["10.0.0.0/16"],
                        }
                    ],
                },
            ),
            (
                "aws_efs_mount_target",
                {"file_system_id": "f", "subnet_id": "s", "security_groups": ["g"]},
            ),
            ("aws_route53_zone", {"name": "z"}),
        ],
        [
            (
                "AWS::EC2::SecurityGroup",
                {
                    "VpcId": "v",
                    "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}],
                    "SecurityGroupEgress": [
                        {
                            "IpProtocol": "-1",
                            "FromPort": 0,
                            "ToPort": 0,
                            "CidrIp": "10.0.0.0/16",
                        }
                    ],
                },
            ),
            (
                "AWS::EFS::MountTarget",
                {"FileSystemId": "f", "SubnetId": "s", "SecurityGroups": ["g"]},
            ),
            ("AWS::Route53::HostedZone", {"Name": "z"}),
        ],
    ),
    "target group and listener": (
        [
            (
                "aws_lb_target_group",
                {
                    "name": "t",
                    "target_type": "ip",
                    "protocol": "HTTP",
                    "health_check": [{"port": "9000", "interval": 10, "timeout": 5}],
                },
            ),
            (
                "aws_service_discovery_service",
                {"name": "s", "dns_config": [{"dns_records": [{"ttl": 60, "type": "A"}]}]},
            ),
            (
                "aws_lb_listener",
                {
                    "load_balancer_arn": "b",
                    "default_action": [{"type": "forward", "target_group_arn": "g"}],
                },
            ),
            ("aws_lb", {"name": "b", "load_balancer_type": "network", "security_groups": ["g"]}),
            (
                "aws_lb_listener_rule",
                {"action": [{"forward": [{"target_group": [{"arn": "g"}, {"arn": "h"}]}]}]},
            ),
        ],
        [
            (
                "AWS::ElasticLoadBalancingV2::TargetGroup",
                {
                    "Name": "t",
                    "TargetType": "ip",
                    "Protocol": "HTTP",
                    "HealthCheckPort": "9000",
                    "HealthCheckIntervalSeconds": 10,
                    "HealthCheckTimeoutSeconds": 5,
                },
            ),
            (
                "AWS::ServiceDiscovery::Service",
                {"Name": "s", "DnsConfig": {"DnsRecords": [{"TTL": 60, "Type": "A"}]}},
            ),
            (
                "AWS::ElasticLoadBalancingV2::Listener",
                {
                    "LoadBalancerArn": "b",
                    "DefaultActions": [{"Type": "forward", "TargetGroupArn": "g"}],
                },
            ),
            (
                "AWS::ElasticLoadBalancingV2::LoadBalancer",
                {"Name": "b", "Type": "network", "SecurityGroups": ["g"]},
            ),
            (
                "AWS::ElasticLoadBalancingV2::ListenerRule",
                {
                    "Actions": [
                        {
                            "ForwardConfig": {
                                "TargetGroups": [{"TargetGroupArn": "g"}, {"TargetGroupArn": "h"}]
                            }
                        }
                    ]
                },
            ),
        ],
    ),
    "user": (
        [
            ("aws_iam_user", {"name": "ci"}),
            ("aws_iam_user_policy", {"user": "ci", "name": "p", "policy": DOCUMENT}),
            ("aws_iam_group_membership", {"users": ["ci"], "group": "g"}),
        ],
        [
            ("AWS::IAM::User", {"UserName": "ci"}),
            (
                "AWS::IAM::UserPolicy",
                {"UserName": "ci", "PolicyName": "p", "PolicyDocument": DOCUMENT},
            ),
            ("AWS::IAM::UserToGroupAddition", {"Users": ["ci"], "GroupName": "g"}),
        ],
    ),
    "scalable target": (
        [("aws_appautoscaling_target", {"role_arn": "r"})],
        [("AWS::ApplicationAutoScaling::ScalableTarget", {"RoleARN": "r"})],
    ),
    "launch configuration": (
        [
            (
                "aws_launch_configuration",
                {"name": "l", "user_data": "echo", "iam_instance_profile": "n"},
            )
        ],
        [
            (
                "AWS::AutoScaling::LaunchConfiguration",
                {"LaunchConfigurationName": "l", "UserData": "echo", "IamInstanceProfile": "n"},
            )
        ],
    ),
    "who works under roles": (
        [
            (
                "aws_codedeploy_deployment_group",
                {
                    "service_role_arn": "r",
                    "ecs_service": [{}],
                    "app_name": "a",
                    "deployment_group_name": "g",
                },
            ),
            ("aws_lambda_function", {"role": "r"}),
            ("aws_codebuild_project", {"service_role": "r"}),
            ("aws_codepipeline", {"role_arn": "r", "stage": [{"action": [{"role_arn": "a"}]}]}),
            (
                "aws_codepipeline",
                {"stage": [{"action": [{"provider": "CodeDeploy", "configuration": DEPLOYED}]}]},
            ),
            ("aws_batch_job_definition", {"container_properties": {"jobRoleArn": "j"}}),
        ],
        [
            (
                "AWS::CodeDeploy::DeploymentGroup",
                {
                    "ServiceRoleArn": "r",
                    "ECSServices": [{}],
                    "ApplicationName": "a",
                    "DeploymentGroupName": "g",
                },
            ),
            ("AWS::Lambda::Function", {"Role": "r"}),
            ("AWS::CodeBuild::Project", {"ServiceRole": "r"}),
            (
                "AWS::CodePipeline::Pipeline",
                {"RoleArn": "r", "Stages": [{"Actions": [{"RoleArn": "a"}]}]},
            ),
            (
                "AWS::CodePipeline::Pipeline",
                {
                    "Stages": [
                        {
                            "Actions": [
                                {
                                    "ActionTypeId": {"Provider": "CodeDeploy"},
                                    "Configuration": DEPLOYED,
                                }
                            ]
                        }
                    ]
                },
            ),
            ("AWS::Batch::JobDefinition", {"ContainerProperties": {"JobRoleArn": "j"}}),
        ],
    ),
}


def language_free(thing: Any) -> Any:
    """The object without what names its language: types, attaching forms, and what is kept raw."""
    if isinstance(thing, tuple):
        return tuple(language_free(item) for item in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    names = {f.name for f in fields(thing)}
    blank = {name: "" for name in ("type", "source") if name in names}
    blank |= {name: None for name in ("raw",) if name in names}
    deeper = {name: language_free(getattr(thing, name)) for name in names - set(blank)}
    return replace(thing, **deeper, **blank)


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_give_equal_objects(name: str) -> None:
    ours, theirs = PAIRS[name]
    terraform, cloudformation = (
        read(*(declared(kind, body, f"it{i}") for i, (kind, body) in enumerate(written)))
        for written in (ours, theirs)
    )
    assert terraform
    assert language_free(terraform) == language_free(cloudformation)


def test_every_type_with_a_counterpart_is_in_the_table() -> None:
    """The two tables of readers hold the same readers, but for forms that one language lacks."""
    only_terraform = set(readers(TERRAFORM).values()) - set(readers(CLOUDFORMATION).values())
    names = {name for name, reader in readers(TERRAFORM).items() if reader in only_terraform}
    assert names == {
        "data.aws_ami",
        "data.aws_ecs_task_execution",
        "data.aws_iam_role",
        "aws_cloudwatch_event_target",
        "aws_kms_grant",
        "aws_iam_role",
        "aws_iam_role_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_group_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_role_policies_exclusive",
        "aws_iam_role_policy_attachments_exclusive",
        "aws_iam_user_policy_attachments_exclusive",
        "aws_iam_group_policy_attachments_exclusive",
        "aws_secretsmanager_secret_policy",
        "aws_kms_key_policy",
        "aws_ecr_repository_policy",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_efs_file_system_policy",
        "aws_s3files_file_system_policy",
        "aws_codebuild_project",
        "aws_network_interface_sg_attachment",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_ssm_activation",
        "aws_vpc_endpoint_policy",
        "aws_vpc_endpoint_route_table_association",
        "aws_vpc_endpoint_security_group_association",
    }
