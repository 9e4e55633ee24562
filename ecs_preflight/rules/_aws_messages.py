"""AWS's messages, each with the rules that find its cause in code, or what code cannot tell.

Gathered from AWS's troubleshooting pages (stopped tasks, CannotPullContainer, resource
initialization, Exec, EBS, EFS, service events) and from what people report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class AwsMessage:
    """``text`` as AWS writes it (``...`` for what differs), ``rules`` by their ids, and a ``note``
    on what of it cannot be known from code, or ""."""

    text: str
    rules: tuple[str, ...]
    note: str = ""


def search(query: str) -> tuple[AwsMessage, ...]:
    """The messages that hold the words of the query, the nearest first: those with the very
    phrase, then those with every word, then those with most of them (half at least). A whole
    message may be pasted: of a long query the message's own words count."""
    wanted = _words(query)
    if not wanted:
        return ()
    ranked = []
    for index, message in enumerate(MESSAGES):
        have = set(_words(message.text))
        phrase = " ".join(wanted) in " ".join(_words(message.text))
        hits = sum(word in have for word in wanted)
        share = max(hits / len(wanted), hits / len(have) if len(wanted) > len(have) else 0.0)
        if phrase or share >= 0.5:
            ranked.append((not phrase, -share, index, message))
    ranked.sort(key=lambda entry: entry[:3])
    best = max((-share for _, share, _, _ in ranked), default=0.0)
    return tuple(m for exact, share, _, m in ranked if not exact or -share >= best - 0.2)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9:]+", text.lower()) if len(word) > 1]


_NETWORK = "Routes, security groups and endpoints outside the code cannot be seen."
_PULL = ("ECS602", "ECS601", "ECS621", "ECS610", "ECS827")
_READ = "ResourceInitializationError: unable to pull secrets or registry auth: "

MESSAGES: tuple[AwsMessage, ...] = (
    AwsMessage(
        _READ + "execution resource retrieval failed: unable to retrieve secret from asm: failed "
        "to fetch secret ... from secrets manager: AccessDeniedException",
        ("ECS605", "ECS621", "ECS607", "ECS612"),
    ),
    AwsMessage(
        _READ + "execution resource retrieval failed: unable to retrieve secrets from ssm: "
        "AccessDeniedException: not authorized to perform: ssm:GetParameters",
        ("ECS606", "ECS621", "ECS607", "ECS616"),
    ),
    AwsMessage(
        _READ + "AccessDeniedException: Access to KMS is not allowed",
        ("ECS607", "ECS621"),
    ),
    AwsMessage(
        _READ + "unable to retrieve ecr registry auth: not authorized to perform: "
        "ecr:GetAuthorizationToken",
        _PULL,
    ),
    AwsMessage(
        _READ + "unable to get registry auth from asm: asm fetching secret from the service",
        ("ECS608", "ECS803"),
    ),
    AwsMessage(
        _READ + "RequestError: send request failed: context deadline exceeded: i/o timeout. Please "
        "check your task network configuration.",
        ("ECS827", "ECS828"),
        _NETWORK,
    ),
    AwsMessage(
        _READ + "There is a connection issue between the task and Amazon ECR / Secrets Manager / "
        "Systems Manager. Check your task network configuration.",
        ("ECS827", "ECS828"),
        _NETWORK,
    ),
    AwsMessage(
        "ResourceNotFoundException: The task can't retrieve the secret with ARN '...' from AWS "
        "Secrets Manager. Check whether the secret exists in the specified Region",
        ("ECS605", "ECS612"),
        "Whether a secret that the code does not make exists cannot be seen.",
    ),
    AwsMessage(
        "The Systems Manager parameter name specified for secret ... is invalid",
        ("ECS612", "ECS606"),
    ),
    AwsMessage(
        "an invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid "
        "ARN and try again.",
        ("ECS612",),
    ),
    AwsMessage(
        "CannotPullContainerError: denied: User is not authorized to perform: ecr:BatchGetImage "
        "because no identity-based policy allows the ecr:BatchGetImage action",
        ("ECS602", "ECS621", "ECS611"),
    ),
    AwsMessage(
        "The task can't pull the image. Check that the role has the permissions to pull images "
        "from the registry.",
        ("ECS602", "ECS601"),
    ),
    AwsMessage(
        "CannotPullContainerError: request canceled while waiting for connection",
        ("ECS827", "ECS828"),
        _NETWORK,
    ),
    AwsMessage(
        "CannotPullContainerError: pull image manifest has been retried: failed to resolve ref: "
        "not found",
        (),
        "Whether the image and its tag exist cannot be known from code.",
    ),
    AwsMessage(
        "CannotPullContainerError: You have reached your pull rate limit (toomanyrequests)",
        (),
        "Docker Hub limits pulls; mirror the image in ECR, or log in (repositoryCredentials).",
    ),
    AwsMessage(
        "CannotPullContainerError: context canceled; no space left on device",
        (),
        "The image's size and the disk's cannot be known from code.",
    ),
    AwsMessage(
        "ClientException: Fargate requires task definition to have execution role ARN to support "
        "ECR images.",
        ("ECS601",),
    ),
    AwsMessage(
        "ClientException: Fargate requires task definition to have execution role ARN to support "
        "log driver awslogs.",
        ("ECS601",),
    ),
    AwsMessage(
        "ClientException: When you are specifying container secrets, you must also specify a value "
        "for 'executionRoleArn'.",
        ("ECS601",),
    ),
    AwsMessage(
        "environment file resource: unable to find execution role credentials",
        ("ECS601",),
    ),
    AwsMessage(
        "ResourceInitializationError: failed to download env files: file download command: "
        "non-empty "
        "error stream: AccessDenied",
        ("ECS609", "ECS607", "ECS816"),
    ),
    AwsMessage(
        "ECS was unable to assume the role '...' that was provided for this task. Please verify "
        "that "
        "the role being passed has the proper trust relationship and permissions and that your IAM "
        "user has permissions to pass this role.",
        ("ECS501", "ECS502", "ECS503", "ECS823", "ECS826"),
        "A role that was made a moment ago may not be known everywhere yet: it passes.",
    ),
    AwsMessage(
        "Unable to assume role and validate the listeners configured on your load balancer. Please "
        "verify the role being passed has the proper permissions.",
        ("ECS505", "ECS824", "ECS510"),
    ),
    AwsMessage(
        "ECS was unable to assume the configured ECS Infrastructure Role '...'. Please verify that "
        "the role being passed has the proper trust relationship with Amazon ECS.",
        ("ECS505",),
    ),
    AwsMessage(
        "ECS failed to set up the EBS volume. Encountered IdempotentParameterMismatch",
        ("ECS813",),
    ),
    AwsMessage(
        "ECS failed to set up the EBS volume: is not authorized to perform: ec2:CreateVolume",
        ("ECS824", "ECS505"),
    ),
    AwsMessage(
        "ResourceInitializationError: failed to validate logger args: create stream has been "
        "retried "
        "1 times: failed to create Cloudwatch log stream: AccessDeniedException: "
        "logs:CreateLogStream",
        ("ECS603", "ECS621"),
    ),
    AwsMessage(
        "failed to create Cloudwatch log group: AccessDeniedException: logs:CreateLogGroup",
        ("ECS604", "ECS621"),
    ),
    AwsMessage(
        "failed to initialize logging driver: failed to create Cloudwatch log stream: "
        "ResourceNotFoundException: The specified log group does not exist.",
        ("ECS614", "ECS615", "ECS604"),
        "Whether a log group that the code does not make exists cannot be seen.",
    ),
    AwsMessage(
        "ResourceInitializationError: failed to validate logger args: : signal: killed",
        ("ECS827", "ECS828"),
        _NETWORK,
    ),
    AwsMessage(
        "AccessDeniedException: The specified KMS key does not exist or is not allowed to be used "
        "with Arn 'arn:aws:logs:...'",
        ("ECS812",),
    ),
    AwsMessage("Log driver awslogs requires options: awslogs-region, awslogs-group", ("ECS807",)),
    AwsMessage(
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: "
        "stderr: mount.nfs4: access denied by server while mounting",
        ("ECS805", "ECS804"),
        "The file system's policy counts only where it is in the code.",
    ),
    AwsMessage(
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: "
        "Failed to resolve fs-....efs....amazonaws.com: check that your file system has mount "
        "targets; mount.nfs4: Connection timed out",
        ("ECS817",),
        "Mount targets, DNS and security groups outside the code cannot be seen.",
    ),
    AwsMessage("EFS IAM authorization requires TransitEncryption to be enabled", ("ECS804",)),
    AwsMessage(
        "MalformedPolicyDocument: Has prohibited field Resource; AssumeRole policy may only "
        "specify "
        "STS AssumeRole actions.",
        ("ECS507",),
    ),
    AwsMessage(
        "MalformedPolicyDocument: Invalid principal in policy; Syntax errors in policy; The policy "
        "failed legacy parsing",
        ("ECS503", "ECS508"),
    ),
    AwsMessage(
        "NoSuchEntity: Policy arn:aws:iam::aws:policy/... does not exist or is not attachable.",
        ("ECS628",),
    ),
    AwsMessage(
        "PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.", ("ECS627",)
    ),
    AwsMessage(
        "InvalidParameterException: The service couldn't be created / updated because a valid "
        "taskRoleArn is not being used. Specify a valid task role in your task definition and try "
        "again.",
        ("ECS701",),
    ),
    AwsMessage(
        "An error occurred (TargetNotConnectedException) when calling the ExecuteCommand "
        "operation: "
        "The execute command failed due to an internal error. Try again later.",
        ("ECS702", "ECS622", "ECS703", "ECS704", "ECS705", "ECS707", "ECS710", "ECS713", "ECS714"),
        "Whether the image has a shell, and the caller's session plugin, cannot be seen.",
    ),
    AwsMessage(
        "InvalidParameterException: The execute command failed because execute command was not "
        "enabled when the task was run or the execute command agent isn't running.",
        ("ECS702", "ECS703"),
        "A task that ran before Exec was enabled must be replaced.",
    ),
    AwsMessage(
        "We couldn't start the session because encryption is not set up on the selected CloudWatch "
        "Logs log group / Amazon S3 bucket.",
        ("ECS709", "ECS706"),
    ),
    AwsMessage(
        "AccessDeniedException when calling the ExecuteCommand operation: not authorized to "
        "perform: "
        "ecs:ExecuteCommand",
        ("ECS712",),
        "The caller's own policies count only where they are in the code.",
    ),
    AwsMessage(
        "AccessDeniedException when calling the RunTask operation / RegisterTaskDefinition: User "
        "is "
        "not authorized to perform: iam:PassRole on resource because no identity-based policy "
        "allows "
        "the iam:PassRole action",
        ("ECS821", "ECS823", "ECS824"),
    ),
    AwsMessage("not authorized to perform: ecs:RunTask", ("ECS821",)),
    AwsMessage("not authorized to perform: ecs:TagResource", ("ECS821",)),
    AwsMessage(
        "is not authorized to create managed-rule: StepFunctionsGetEventsForECSTaskRule",
        ("ECS821",),
    ),
    AwsMessage(
        "User: arn:aws:sts::...:assumed-role/... is not authorized to perform: sns:Publish / "
        "s3:PutObject / dynamodb:PutItem because no identity-based policy allows the action",
        ("ECS623", "ECS624", "ECS629", "ECS632"),
        "What an application calls is not in the code; only what stands on the wrong role is seen.",
    ),
    AwsMessage(
        "The selected task definition is not compatible with the selected compute strategy.",
        ("ECS815",),
    ),
    AwsMessage(
        "InvalidParameterException: Network Configuration must be provided when networkMode "
        "'awsvpc' "
        "is specified.",
        ("ECS815",),
    ),
    AwsMessage(
        "Fargate only supports network mode 'awsvpc'. / No Fargate configuration exists for given "
        "values. / Fargate compatible task definitions do not support ...",
        ("ECS807", "ECS801"),
    ),
    AwsMessage(
        "InvalidParameterException: The container ... does not exist in the task definition.",
        ("ECS815",),
    ),
    AwsMessage(
        "ClientException: Unknown volume '...'. / Task definition doesn't have any essential "
        "container. / Cannot depend on container ... because it does not exist.",
        ("ECS816",),
    ),
    AwsMessage(
        "InvalidParameterException: You cannot specify an IAM role for services that require a "
        "service linked role.",
        ("ECS510",),
    ),
    AwsMessage(
        "(service ...) was unable to place a task because no container instance met all of its "
        "requirements. No Container Instances were found in your cluster.",
        ("ECS825",),
        "How many instances a cluster has, and their free CPU, memory and ports, is not in code.",
    ),
    AwsMessage(
        "(service ...) (port ...) is unhealthy in target-group due to (reason Health checks "
        "failed)",
        (),
        "What an application answers, and its security groups, are not judged.",
    ),
    AwsMessage(
        "Essential container in task exited; OutOfMemoryError: Container killed due to memory "
        "usage",
        (),
        "What an application does when it runs is not in the code.",
    ),
    AwsMessage(
        "CannotStartContainerError: exec format error",
        (),
        "The architecture of the image cannot be known from code; compare it with runtimePlatform.",
    ),
    AwsMessage(
        "RESOURCE:ENI / Capacity is unavailable at this time / unexpected EC2 error while "
        "attempting "
        "to Create Network Interface",
        (),
        "Capacity, quotas and free addresses are not in the code.",
    ),
)
