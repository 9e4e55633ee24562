"""Private tasks lack a VPC endpoint that they need to start.

What it finds
    Fargate tasks in a subnet of the stack without a route out, in a VPC that has endpoints, but not
    all that they use: ``ecr.api`` and ``ecr.dkr`` and the gateway for S3 for a private image,
    ``logs`` for awslogs, ``secretsmanager`` or ``ssm`` for secrets, ``ecs-agent`` for Service
    Connect. An endpoint does not count that is without private DNS, whose security groups let
    nothing in on port 443, or only other groups than the tasks', whose policy leaves out the
    registry login or the bucket of the layers, or that is not in the subnet's route table; nor one
    to which the tasks' security groups let nothing out, such as the gateway for S3 where they name
    security groups or private addresses alone. An image of a public registry, to which no endpoint
    leads. An endpoint with private DNS, of a service that tasks of the stack use, in a VPC of the
    stack without DNS hostnames.

Why it matters
    The agent's calls time out, and the task does not start.

Fix
    Add the endpoints that the finding names, or mend those that are there.

When it stays silent
    A NAT, internet or transit gateway; no endpoint in sight; subnets that are not part of the
    stack, but where security groups let out to others alone and S3 has a gateway; a hosted zone
    that may name the endpoints.

References
    ECR vpc-endpoints, vpc-endpoints, task_cannot_pull_image
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..ecs.endpoints import key, only_gateway, without_hostnames
from ..ecs.images import OtherImage, registry_of
from ..ecs.network import INTERNET, Shut, on_fargate, used_services, way_out, way_to
from ..ecs.security_groups import HTTPS, all_in_sight, groups_alone
from ..findings.finding import AnyOutcome, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.rule import Rule
from ..findings.wording import listed, quoted
from ..model import Endpoint, Launch, Stack, Subnet, TaskDefinition
from ..symbolic.answers import Evidence, No, Yes, is_absent
from ..symbolic.titles import shown_title
from ..symbolic.values import Unknown, join, literal, shown_value
from ._endpoint_fixes import giving_endpoints
from ._messages import NO_CONNECTION
from .no_way_to_aws import is_of_endpoints


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from _refused(rule, stack)
    for launch in stack.launches:
        task = stack.task_of(launch)
        shut = way_out(stack, launch) if task and on_fargate(stack, launch, task) else None
        if task is not None and isinstance(shut, Unknown):
            yield from _shut_from_gateway(rule, stack, launch, task)
        if task is None or not isinstance(shut, Shut) or not is_of_endpoints(shut):
            continue
        used = used_services(stack, launch, task)
        refused = {s: a for s in used if isinstance(a := way_to(stack, launch, task, s), No)}
        if refused.pop(INTERNET, None) is not None:
            yield from _outside(rule, stack, launch, task, shut)
        if refused:
            near = tuple(dict.fromkeys(e for a in refused.values() for e in a.evidence[:-1]))
            vpc = shown_title(shut.subnet.vpc) if shut.subnet else ""
            yield rule.finding(
                launch,
                f"The tasks of '{launch.address}' use {quoted(refused)}, for which VPC "
                f"'{vpc}' has no endpoint that leads there and no way out."
                + "".join(f" {e.message}" for e in near),
                span=launch.network.span,
                phase=Phase.START,
                subject="endpoints",
                related=near,
                fails_with=NO_CONNECTION,
                fix=Fix(
                    _remedy(stack, tuple(refused), near),
                    draft=giving_endpoints(stack, launch, shut, refused),
                ),
            )


def _shut_from_gateway(
    rule: Rule, stack: Stack, launch: Launch, task: TaskDefinition
) -> Iterator[AnyOutcome]:
    """Whatever the network: of what lets out to security groups alone, none leads to the addresses
    of a gateway."""
    groups = launch.network.security_groups
    last = groups_alone(stack, groups, HTTPS, out=True)
    if last is None or stack.unread or stack.reusable or not all_in_sight(stack, groups):
        return
    gateway = only_gateway(stack, last.vpc, "s3")
    if gateway is not None and "s3" in used_services(stack, launch, task):
        yield rule.finding(
            launch,
            f"The tasks of '{launch.address}' use 's3', and '{last.address}' lets {HTTPS} out to "
            f"security groups alone, none of which is that of gateway '{gateway.address}'.",
            span=launch.network.span,
            phase=Phase.START,
            subject="endpoints",
            fails_with="CannotPullContainerError: ... dial tcp ...:443: i/o timeout",
            fix=Fix(f"Let port 443 out to the prefix list of '{gateway.address}' too."),
        )


def _refused(rule: Rule, stack: Stack) -> Iterator[AnyOutcome]:
    """For each VPC the first endpoint whose private DNS takes what the VPC has not (facts K10)."""
    refused = stack.derived(without_hostnames)
    seen: set[str] = set()
    for launch in stack.launches if refused else ():
        task = stack.task_of(launch)
        used = used_services(stack, launch, task) if task is not None else ()
        subnets = [stack.find(Subnet, value) for value in launch.network.subnets]
        networks = {key(subnet.vpc) for subnet in subnets if subnet is not None}
        for endpoint, vpc, service in refused:
            if service in used and vpc.address not in seen and vpc.address in networks:
                seen.add(vpc.address)
                yield rule.finding(
                    launch,
                    f"'{endpoint.address}' has private DNS, and VPC '{vpc.address}' no DNS "
                    "hostnames, which that takes.",
                    span=endpoint.private_dns.span,
                    phase=Phase.DEPLOY,
                    subject=join("private DNS of ", endpoint.address),
                    fails_with="InvalidParameter: Enabling private DNS requires both "
                    "enableDnsSupport and enableDnsHostnames VPC attributes set to true",
                    fix=Fix.of(
                        stack,
                        "Turn on the DNS hostnames of the VPC.",
                        "enable_dns_hostnames = true",
                        "EnableDnsHostnames: true",
                        draft=settings.argument(
                            vpc.span, "enable_dns_hostnames", "EnableDnsHostnames", "true"
                        )
                        if isinstance(is_absent(vpc.hostnames), Yes)
                        else settings.setting(vpc.hostnames.span, "true"),
                    ),
                )


def _remedy(stack: Stack, missing: tuple[str, ...], near: tuple[Evidence, ...]) -> str:
    """What is to be done about each thing that stands in the way."""
    if near:
        cures = listed(dict.fromkeys(_cure(stack, each) for each in near))
        return f"{cures[0].upper()}{cures[1:]}."
    return f"Add VPC endpoints for {quoted(missing)} (s3 as a gateway)."


def _cure(stack: Stack, shut: Evidence) -> str:
    endpoint = stack.at(Endpoint, shut.address)
    if endpoint is None:
        return f"let port 443 through '{shut.address}'"
    if isinstance(is_absent(endpoint.policy), No) and shut.span == endpoint.policy.span:
        return f"widen the policy of '{endpoint.address}'"
    if literal(endpoint.kind) == "Gateway":
        return f"add the subnet's route table to '{endpoint.address}'"
    return f"turn on private DNS of '{endpoint.address}'"


def _outside(
    rule: Rule, stack: Stack, launch: Launch, task: TaskDefinition, shut: Shut
) -> Iterator[AnyOutcome]:
    """Images that no endpoint leads to: public ECR's too."""
    vpc = shown_title(shut.subnet.vpc) if shut.subnet else ""
    for container in task.containers:
        if isinstance(registry_of(stack, container.image), OtherImage):
            yield rule.finding(
                launch,
                f"The tasks of '{launch.address}' pull image '{shown_value(container.image)}' from "
                f"the internet, to which VPC '{vpc}' has no way out.",
                span=launch.network.span,
                phase=Phase.START,
                subject=join("image of ", container.name),
                fails_with="CannotPullContainerError: request canceled while waiting for "
                "connection",
                fix=Fix("Copy the image to private ECR, or give the VPC a way out."),
            )


RULE = Rule("ECS827", "pull-or-log-endpoint-missing", (Severity.WARNING,), __doc__, check)
