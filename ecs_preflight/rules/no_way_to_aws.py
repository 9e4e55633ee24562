"""A Fargate task has no way to AWS.

What it finds
    A Fargate launch in a subnet of the stack from which nothing leads to what starting the task
    takes: its default route leads to an internet gateway, and the tasks get no public address; or
    it has no route out at all, and its VPC no endpoint. Security groups of the stack that let
    nothing out on port 443, such as one that Terraform makes without an ``egress``, or that let it
    out to private addresses alone where a NAT or internet gateway is the way. The same of instances
    that are to join a cluster, whose VPC has no endpoint ``ecs`` or ``ecs-agent`` that leads there:
    the agent cannot register them.

Why it matters
    The agent cannot pull the image, read secrets or write logs, and the task does not start. An
    internet gateway serves public addresses alone.

Fix
    Assign a public address, run the tasks in subnets behind a NAT gateway, add the endpoints, or
    let port 443 out to where AWS is.

When it stays silent
    The subnet, its route table, a security group, or whether a public address is assigned is not
    known; any other route; the VPC has the endpoints. Instances whose user data is not known or
    names a proxy.

References
    fargate-task-networking, task_cannot_pull_image, VPC security-group-rules
"""

from __future__ import annotations

from collections.abc import Iterable

from ..ecs.network import Barrier, Shut, on_fargate, used_services, way_out, way_to
from ..ecs.security_groups import HTTPS
from ..ecs.stranded import stranded
from ..findings.finding import AnyOutcome, Draft, Fix, Phase, Severity
from ..findings.fixing import settings
from ..findings.fixing.ports import Opening, letting_through
from ..findings.rule import Rule
from ..findings.wording import quoted
from ..model import Language, Launch, Stack
from ..symbolic.answers import No, is_absent
from ._messages import NO_CONNECTION

REMEDIES = {
    Barrier.ADDRESS: (
        "Assign a public address, or use subnets behind a NAT gateway.",
        "assign_public_ip = true",
        "AssignPublicIp: ENABLED",
    ),
    Barrier.ROUTE: (
        "Give the subnet a default route to a NAT gateway, or the VPC its endpoints.",
        'route {\n  cidr_block     = "0.0.0.0/0"\n  nat_gateway_id = aws_nat_gateway.main.id\n}',
        "Type: AWS::EC2::Route\nProperties:\n  RouteTableId: !Ref PrivateRouteTable\n"
        "  DestinationCidrBlock: 0.0.0.0/0\n"
        "  NatGatewayId: !Ref NatGateway",
    ),
    Barrier.EGRESS: (
        "Let the tasks out on port 443.",
        'egress {\n  from_port   = 443\n  to_port     = 443\n  protocol    = "tcp"\n'
        '  cidr_blocks = ["0.0.0.0/0"]\n}',
        "SecurityGroupEgress:\n  - IpProtocol: tcp\n    FromPort: 443\n    ToPort: 443\n"
        "    CidrIp: 0.0.0.0/0",
    ),
}


#: The same for instances, which are given an address by their template or subnet.
OF_INSTANCES = {
    **REMEDIES,
    Barrier.ROUTE: (
        "Give the subnet a default route to a NAT gateway, or the VPC the interface endpoints ecs, "
        "ecs-agent and ecs-telemetry.",
        *REMEDIES[Barrier.ROUTE][1:],
    ),
    Barrier.ADDRESS: (
        "Give the instances public addresses, or use subnets behind a NAT gateway.",
        "network_interfaces {\n  associate_public_ip_address = true\n"
        "  security_groups             = [aws_security_group.instances.id]\n}",
        "NetworkInterfaces:\n  - DeviceIndex: 0\n    AssociatePublicIpAddress: true\n"
        "    Groups:\n      - !Ref InstanceSecurityGroup",
    ),
}
NO_INSTANCES = (
    "(service ...) was unable to place a task because no container instance met all of its "
    "requirements. No Container Instances were found in your cluster."
)


def check(rule: Rule, stack: Stack) -> Iterable[AnyOutcome | None]:
    yield from _of_tasks(rule, stack)
    yield from _of_instances(rule, stack)


def _of_tasks(rule: Rule, stack: Stack) -> Iterable[AnyOutcome]:
    for launch in stack.launches:
        task = stack.task_of(launch)
        shut = way_out(stack, launch) if task and on_fargate(stack, launch, task) else None
        if task is None or not isinstance(shut, Shut) or is_of_endpoints(shut):
            continue
        used = used_services(stack, launch, task)
        missing = [s for s in used if isinstance(way_to(stack, launch, task, s), No)]
        if missing:
            summary, terraform, cloudformation = REMEDIES[shut.barrier]
            why = shut.evidence.message.removesuffix(".")
            yield rule.finding(
                launch,
                f"The tasks of '{launch.address}' cannot reach {quoted(missing)}: {why}.",
                span=launch.network.span,
                phase=Phase.START,
                subject=shut.barrier.value,
                related=(shut.evidence,),
                fails_with=NO_CONNECTION,
                fix=Fix.of(
                    stack, summary, terraform, cloudformation, draft=_draft(stack, launch, shut)
                ),
            )


def _of_instances(rule: Rule, stack: Stack) -> Iterable[AnyOutcome]:
    for each in stranded(stack):
        summary, terraform, cloudformation = OF_INSTANCES[each.shut.barrier]
        why = each.shut.evidence.message.removesuffix(".")
        yield rule.finding(
            each.owner,
            f"The instances of '{each.template.address}' cannot reach Amazon ECS to join their "
            f"cluster: {why}{', and no endpoint leads there' if each.shut.has_endpoints else ''}.",
            span=each.span,
            phase=Phase.START,
            subject=f"instances: {each.shut.barrier.value}",
            related=(each.shut.evidence,),
            fails_with=NO_INSTANCES,
            fix=Fix.of(
                stack, summary, terraform, cloudformation, draft=_letting_out(stack, each.shut)
            ),
        )


def _letting_out(stack: Stack, shut: Shut) -> Draft | None:
    """A rule of the security group that lets HTTPS out."""
    if shut.barrier is not Barrier.EGRESS:
        return None
    out = Opening(HTTPS.number, HTTPS.protocol, out=True)
    return letting_through(stack, shut.evidence.address, out)


def _draft(stack: Stack, launch: Launch, shut: Shut) -> Draft | None:
    """A public address for the tasks, or a rule that lets them out."""
    if shut.barrier is Barrier.EGRESS:
        return _letting_out(stack, shut)
    if shut.barrier is not Barrier.ADDRESS:
        return None
    in_terraform = stack.language is Language.TERRAFORM
    word, given = "true" if in_terraform else "ENABLED", launch.network.assign_public_ip
    if isinstance(is_absent(given), No):
        return settings.setting(given.span, word)
    name = "assign_public_ip" if in_terraform else "AssignPublicIp"
    return settings.beside(launch.network.span, name, word)


def is_of_endpoints(shut: Shut) -> bool:
    """Is it a network where endpoints are to lead to AWS? Of what these lack ECS827 speaks."""
    return shut.barrier is Barrier.ROUTE and shut.has_endpoints


RULE = Rule("ECS828", "no-way-to-aws", (Severity.WARNING,), __doc__, check)
