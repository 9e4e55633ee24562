"""Container instances that cannot reach Amazon ECS, and so never join their cluster (facts K8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ..model import LaunchTemplate, Network, ScalingGroup, Several, Stack, Subnet
from ..symbolic.answers import No, Yes, is_absent
from ..symbolic.records import dataclass, replace
from ..symbolic.source import Span
from ..symbolic.values import Value, expanded, shown_value
from .instances import container_instances, groups_of, has_unknown_lines
from .network import Barrier, Shut, by_endpoint, given_span, leads_out
from .security_groups import Port, lets_out

_INSTANCES = ("aws_instance", "AWS::EC2::Instance")
#: What the agent cannot do without, by the end of the endpoints' names (ECS vpc-endpoints).
AGENT = ("ecs", "ecs-agent")
#: Where proxies are mostly found.
_PROXIES = tuple(map(Port, (1080, 3128, 8080, 8888)))


@dataclass(frozen=True)
class Stranded:
    """Instances of a template, what keeps them from AWS, and what names the network: the template,
    or their Auto Scaling group."""

    template: LaunchTemplate
    shut: Shut
    owner: Union[LaunchTemplate, ScalingGroup]
    span: Span


def stranded(stack: Stack) -> Iterator[Stranded]:
    """Those whose security groups, or one of whose subnets, let them out to nothing of AWS."""
    for each in container_instances(stack):
        found = _of(stack, each.template)
        if found is not None and not _may_have_proxy(stack, found):
            yield found


def _of(stack: Stack, template: LaunchTemplate) -> Stranded | None:
    for owner, network in _networks(stack, template):
        shut = leads_out(stack, network, "instances")
        if not isinstance(shut, Shut) or _by_endpoints(stack, network, shut):
            continue
        if shut.barrier is Barrier.EGRESS:
            return Stranded(template, shut, template, _span(template, network.security_groups))
        # An instance may be given an address of its own later.
        if shut.barrier is Barrier.ROUTE or template.type not in _INSTANCES:
            return Stranded(template, shut, owner, _span(owner, network.subnets))
    return None


def _by_endpoints(stack: Stack, network: Network, shut: Shut) -> bool:
    """May the agent register and be told of tasks by endpoints of the VPC?"""
    answers = [by_endpoint(stack, network, shut, None, each) for each in AGENT]
    return shut.has_endpoints and not any(isinstance(answer, No) for answer in answers)


def _networks(
    stack: Stack, template: LaunchTemplate
) -> Iterator[tuple[LaunchTemplate | ScalingGroup, Network]]:
    """The template's network in each subnet that instances are started in: whether they get a
    public address is the subnet's to say where the template does not."""
    given: list[tuple[LaunchTemplate | ScalingGroup, Several[Value]]]
    if template.type in _INSTANCES:
        given = [(template, template.network.subnets)]
    else:
        groups = stack.derived(groups_of).get(template.address, ())
        given = [(group, group.subnets) for group in groups]
    places = [
        (owner, value, replace(subnets, items=(value,), remainder=None))
        for owner, subnets in given
        for value in subnets
    ]
    if places:  # whoever else starts from a template may bring groups of his own
        yield template, replace(template.network, subnets=Several())
    for owner, value, alone in places:
        network = replace(template.network, subnets=alone)
        subnet = stack.find(Subnet, value)
        if subnet is not None and isinstance(is_absent(network.assign_public_ip), Yes):
            network = replace(network, assign_public_ip=subnet.public)
        yield owner, network


def _span(owner: LaunchTemplate | ScalingGroup, values: Several[Value]) -> Span:
    return next((given_span(owner, values, value) for value in values), owner.span)


def _may_have_proxy(stack: Stack, found: Stranded) -> bool:
    """May the agent reach AWS by a proxy (``HTTP_PROXY``)? Where the groups let port 443 out, its
    user data would say so."""
    script, groups = found.template.user_data, found.template.network.security_groups
    return (
        has_unknown_lines(script)
        or "proxy" in shown_value(expanded(script)).lower()
        or (
            found.shut.barrier is Barrier.EGRESS
            and any(not isinstance(lets_out(stack, groups, port), No) for port in _PROXIES)
        )
    )
