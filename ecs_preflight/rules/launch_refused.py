"""The launch does not go with its task definition.

What it finds
    A launch type that the task definition is not made for; a network configuration that the awsvpc
    mode takes and the launch does not have, or the reverse; an override of a container, or a load
    balancer that leads to a container or port, which the task definition does not have, or whose
    targets are of another type than the network mode takes; a volume configured at launch without
    its counterpart, its size or a snapshot; a launch type beside capacity providers; capacity
    providers that the cluster is not associated with (a warning where the code gives it none), or
    none of which has a weight, or Fargate beside an Auto Scaling group, in the cluster's default
    strategy too, or with a name that AWS keeps; a platform version or public addresses on EC2;
    placement, a daemon or a Classic Load Balancer on Fargate; Service Connect without a namespace
    or a client alias, or for a port that has not that name; a deployment controller that does not
    go with the rest, with task sets or with CodeDeploy's deployment group; a host port other than
    the container's in the awsvpc or host mode; a target group to which none of the stack's
    listeners sends, or whose health checks overlap; a port without one of its own on the host,
    behind a Classic Load Balancer; a security group of another VPC than the subnets; a port
    registered with a Cloud Map service of A records alone; a daemon with capacity providers (its
    own or the cluster's) or placement strategies, and in CloudFormation with a number of tasks or
    more than 100 % of them; a revision or a platform version that is none; an Auto Scaling group in
    place of a capacity provider; in CloudFormation, a property that begins with a small letter, or
    a name that is not declared. A pipeline that deploys by CodeDeploy's own action to a deployment
    group for an ECS service. A warning: instances that join the cluster ``default``, since their
    user data sets no ``ECS_CLUSTER``, or begins with spaces or without ``#!``, or that join another
    than the service's; a daemon in a cluster that another resource gives its strategy by default.

Why it matters
    The service cannot be created or updated, the task not be run.

Fix
    Make the two agree.

When it stays silent
    Any part of either is not known; the task definition is not part of the stack.

References
    failed-to-start-error, service_definition_parameters, task_definition_parameters
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs import capacity, launch_names
from ..ecs.daemon_faults import of_daemon
from ..ecs.health_times import of_health_times
from ..ecs.launch_faults import of_launch
from ..ecs.port_faults import of_ports
from ..ecs.property_names import of_names
from ..ecs.registry_faults import of_registries
from ..ecs.service_faults import of_pipeline, of_service, of_task_set
from ..ecs.settings import reported
from ..ecs.stray_instances import of_instances
from ..ecs.undeclared import of_references
from ..ecs.vpc_faults import of_network
from ..findings.finding import AnyOutcome, Phase, Severity
from ..findings.rule import Rule
from ..model import CapacityProvider, Launcher, PipelineDeployment, Stack

#: What is refused only when its time comes.
LATER = (Launcher.SCHEDULE, Launcher.STATE_MACHINE, Launcher.PIPE, Launcher.EVENT_RULE)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    for task in stack.own_tasks:
        yield from reported(rule, task, of_ports(task))
    for cluster in stack.clusters:
        yield from reported(rule, cluster, capacity.of_cluster(stack, cluster))
        yield from reported(rule, cluster, launch_names.of_cluster(stack, cluster))
        yield from reported(rule, cluster, of_names(stack, cluster, cluster.raw))
        yield from reported(rule, cluster, of_references(stack, cluster, cluster.raw))
    for deployment in stack.of(PipelineDeployment):
        yield from reported(rule, deployment, of_pipeline(stack, deployment))
    for launch, fault in of_health_times(stack):
        yield from reported(rule, launch, [fault])
    for template, fault in of_instances(stack):
        yield from reported(rule, template, [fault])
    for provider in stack.of(CapacityProvider):
        yield from reported(rule, provider, capacity.of_provider(provider))
    for launch in stack.launches:
        launched = stack.task_of(launch)
        phase = Phase.RUN if launch.launcher in LATER else Phase.DEPLOY
        if launched is not None:
            yield from reported(rule, launch, of_launch(stack, launch, launched), phase)
            yield from reported(rule, launch, of_registries(stack, launch, launched), phase)
        yield from reported(rule, launch, of_service(stack, launch, launched), phase)
        yield from reported(rule, launch, of_task_set(stack, launch), phase)
        yield from reported(rule, launch, capacity.of_launch(stack, launch), phase)
        yield from reported(rule, launch, of_daemon(stack, launch), phase)
        if launch.launcher in (Launcher.SERVICE, Launcher.TASK_SET):
            yield from reported(rule, launch, of_names(stack, launch, launch.raw), phase)
            yield from reported(rule, launch, of_references(stack, launch, launch.raw), phase)
        yield from reported(rule, launch, launch_names.of_names(stack, launch), phase)
        yield from reported(rule, launch, of_network(stack, launch), phase)


RULE = Rule("ECS815", "launch-refused", (Severity.ERROR, Severity.WARNING), __doc__, check)
