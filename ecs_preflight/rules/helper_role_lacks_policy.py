"""A helper role lacks the permissions that its field demands.

What it finds
    An infrastructure role (EBS volumes, Service Connect TLS, VPC Lattice, load balancer, Managed
    Instances, Express Mode, gateways) without the AWS managed policy made for it and without its
    main actions; a lifecycle hook's role that may not invoke its function; a Managed Instances role
    that may not pass its instance role, whose name does not begin with ``ecsInstanceRole``. A
    Service Connect TLS role that may not use the key which is given to it. A CodeDeploy role, or
    that of a pipeline's ECS deploy action, which may not do what a deployment takes, or
    not pass the roles of the service's tasks; that of the pipeline's without ``ecs:TagResource``,
    where the service's task definition has tags. The role of an activation by which ECS
    Anywhere registers servers, without what the agents call.

Why it matters
    The volume is not attached, the certificate not issued, the instance not started, the service
    not deployed.

Fix
    Attach the policy that the finding names.

When it stays silent
    The role is not part of the stack or not fully known.

References
    infrastructure_IAM_role, managed-instances-instance-profile, blue-green-permissions,
    service-connect-tls, codedeploy_IAM_role, action-reference-ECS (CodePipeline)
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.launchers import pass_role_demands, tags_copied
from ..ecs.policies import managed_policies
from ..ecs.service_roles import helper_uses
from ..findings.finding import Phase, Severity
from ..findings.needs import Demand, Need, demands
from ..findings.rule import Rule
from ..iam import managed
from ..model import (
    CapacityProvider,
    DeploymentGroup,
    Key,
    Launch,
    Principal,
    Resource,
    Role,
    ServiceRole,
    ServiceRoleUse,
    Stack,
    TaskDefinition,
)
from ..symbolic.answers import Yes, is_absent
from ..symbolic.values import Known, Reference, Value
from ._needs import check_needs

#: What CodePipeline's deploy action does: it takes the service's task definition, and gives the
#: service a revision of it (CodePipeline guide, action-reference-ECS).
DEPLOYING = (
    "ecs:DescribeServices",
    "ecs:DescribeTaskDefinition",
    "ecs:RegisterTaskDefinition",
    "ecs:UpdateService",
)
#: The managed policy made for the field, and actions that none can do without (facts D5 to D10).
POLICIES = {
    ServiceRole.EBS_VOLUME: (
        "AmazonECSInfrastructureRolePolicyForVolumes",
        ("ec2:CreateVolume", "ec2:AttachVolume"),
    ),
    ServiceRole.SERVICE_CONNECT_TLS: (
        "AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity",
        ("acm-pca:IssueCertificate", "secretsmanager:CreateSecret"),
    ),
    ServiceRole.VPC_LATTICE: (
        "AmazonECSInfrastructureRolePolicyForVpcLattice",
        ("vpc-lattice:RegisterTargets", "vpc-lattice:DeregisterTargets"),
    ),
    ServiceRole.LOAD_BALANCER: (
        "AmazonECSInfrastructureRolePolicyForLoadBalancers",
        ("elasticloadbalancing:RegisterTargets", "elasticloadbalancing:ModifyRule"),
    ),
    ServiceRole.MANAGED_INSTANCES: (
        "AmazonECSInfrastructureRolePolicyForManagedInstances",
        ("ec2:CreateFleet", "ec2:RunInstances"),
    ),
    ServiceRole.EXPRESS_GATEWAY: (
        "AmazonECSInfrastructureRoleforExpressGatewayServices",
        ("elasticloadbalancing:CreateLoadBalancer",),
    ),
    ServiceRole.GATEWAY: (
        "AmazonECSInfrastructureRoleForGatewayHostSharedALB",
        ("elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:RegisterTargets"),
    ),
    ServiceRole.EXTERNAL_INSTANCE: (
        "",
        ("ssm:UpdateInstanceInformation", "ecs:RegisterContainerInstance", "ecs:Poll"),
    ),
    ServiceRole.LIFECYCLE_HOOK: ("", ("lambda:InvokeFunction",)),
    ServiceRole.CODE_DEPLOY: (
        "AWSCodeDeployRoleForECS",
        ("ecs:CreateTaskSet", "ecs:UpdateServicePrimaryTaskSet"),
    ),
    ServiceRole.PIPELINE: ("", DEPLOYING),
    ServiceRole.PIPELINE_ACTION: ("", DEPLOYING),
}
_DEPLOYERS = {
    ServiceRole.CODE_DEPLOY: "CodeDeploy",
    ServiceRole.PIPELINE: "CodePipeline",
    ServiceRole.PIPELINE_ACTION: "CodePipeline",
}
PASSING = (
    "User is not authorized to perform: iam:PassRole on resource because no identity-based policy "
    "allows the iam:PassRole action"
)
TAGGING = (
    "User is not authorized to perform: ecs:TagResource on resource because no identity-based "
    "policy allows the ecs:TagResource action"
)
#: What Service Connect does with a key of one's own (facts D6).
TLS_KEY = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyPair")


def needs(stack: Stack) -> Iterator[Need]:
    for owner, use in helper_uses(stack):
        policy, actions = POLICIES.get(use.service_role, ("", ()))
        role = stack.role_of(use.role)
        if actions and isinstance(role, Role) and not _has(role, policy):
            made = f" (AWS made '{policy}' for it)" if policy else ""
            yield Need(
                owner=owner,
                principal=Principal.INFRASTRUCTURE,
                role=use.role,
                demands=demands(actions, _object(use)),
                because=use.span,
                origin=use.target,
                phase=Phase.START,
                purpose=f"serve as the {use.service_role.title} of '{owner.address}'{made}",
                subject=use.service_role.title,
                title=_title(use),
                managed=policy,
            )
        yield from _on_key(stack, owner, use)
    for provider in stack.of(CapacityProvider):
        yield from _passing(stack, provider)
    for group in stack.of(DeploymentGroup):
        yield from _deploying(stack, group)


def _deploying(stack: Stack, group: DeploymentGroup) -> Iterator[Need]:
    """CodeDeploy and CodePipeline pass the roles of a service's tasks: the former starts tasks, the
    latter registers a revision of their definition (codedeploy_IAM_role, action-reference-ECS)."""
    launches = (stack.find(Launch, name) for name in group.services)
    tasks = (stack.task_of(launch) for launch in launches if launch is not None)
    for task in dict.fromkeys(task.address for task in tasks if task is not None):
        found = stack.find(TaskDefinition, Reference(task, "arn"))
        passed = pass_role_demands(stack, found) if found else ()
        yield from _copying_tags(stack, group, found)
        for use in group.service_roles if passed else ():
            yield Need(
                owner=group,
                principal=Principal.INFRASTRUCTURE,
                role=use.role,
                demands=passed,
                because=use.span,
                phase=Phase.DEPLOY,
                purpose=f"deploy '{task}' by {_DEPLOYERS[use.service_role]}",
                fails_with=PASSING,
                subject=f"roles of {task}",
                title=_title(use),
            )


def _copying_tags(
    stack: Stack, group: DeploymentGroup, task: TaskDefinition | None
) -> Iterator[Need]:
    """CodePipeline gives the revision that it registers the tags of the service's task definition
    (facts H16)."""
    copied = () if task is None else tags_copied(stack, task)
    if task is None or not copied:
        return
    for use in group.service_roles:
        if _DEPLOYERS[use.service_role] == "CodePipeline":
            yield Need(
                owner=group,
                principal=Principal.INFRASTRUCTURE,
                role=use.role,
                demands=copied,
                because=use.span,
                origin=task.family,
                phase=Phase.DEPLOY,
                purpose=f"copy the tags of '{task.address}' to the revision that it registers",
                fails_with=TAGGING,
                subject=f"tags of {task.address}",
                title=_title(use),
            )


def _title(use: ServiceRoleUse) -> str:
    """What the role is called where it is no infrastructure role of ECS's."""
    title = use.service_role.title
    return "" if title.endswith(Principal.INFRASTRUCTURE.value) else title


def _object(use: ServiceRoleUse) -> Value:
    """What the actions are about: a hook's function, else something that is not known."""
    return Known("*") if isinstance(is_absent(use.target), Yes) else use.target


def _on_key(stack: Stack, owner: Resource, use: ServiceRoleUse) -> Iterator[Need]:
    key = stack.find(Key, use.kms_key)
    if key is not None and use.service_role is ServiceRole.SERVICE_CONNECT_TLS:
        yield Need(
            owner=owner,
            principal=Principal.INFRASTRUCTURE,
            role=use.role,
            demands=demands(TLS_KEY, key.arn),
            because=use.kms_key.span,
            phase=Phase.START,
            purpose=f"encrypt the TLS keys of '{owner.address}'",
            subject="TLS key",
        )


def _passing(stack: Stack, provider: CapacityProvider) -> Iterator[Need]:
    """The managed policy passes only roles whose name begins with ecsInstanceRole (facts D9)."""
    uses = {use.service_role: use for use in provider.service_roles}
    own, passed = (
        uses.get(ServiceRole.MANAGED_INSTANCES),
        uses.get(ServiceRole.INSTANCE_PROFILE),
    )
    instance = stack.role_of(passed.role) if passed else None
    if own is not None and isinstance(instance, Role):
        service = (("iam:PassedToService", Known("ec2.amazonaws.com")),)
        yield Need(
            owner=provider,
            principal=Principal.INFRASTRUCTURE,
            role=own.role,
            demands=(Demand("iam:PassRole", instance.arn, service),),
            because=own.span,
            purpose=f"start instances of '{provider.address}' with their role",
            subject="pass instance role",
            phase=Phase.START,
        )


def _has(role: Role, policy: str) -> bool:
    return any(
        (named := managed.parts(attached.arn)) is not None and named[1].rpartition("/")[2] == policy
        for attached in managed_policies(role)
    )


RULE = Rule("ECS824", "helper-role-lacks-policy", (Severity.ERROR,), __doc__, check_needs, needs)
