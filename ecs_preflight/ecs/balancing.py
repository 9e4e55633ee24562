"""Ports on which a load balancer is to be let in to the tasks behind it (facts K6, K7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import (
    BalancerTarget,
    Launch,
    LaunchTemplate,
    Listener,
    LoadBalancer,
    PortMapping,
    SecurityGroup,
    Several,
    Stack,
    TargetGroup,
    TaskDefinition,
    launch_type,
)
from ..symbolic.answers import Evidence, No, Yes, is_absent
from ..symbolic.records import dataclass
from ..symbolic.source import Span
from ..symbolic.values import Unknown, Value, expanded, literal, shown_value
from .instances import has_unknown_lines, instances_of
from .launch_faults import mappings_of
from .security_groups import Port, callers_on, groups_alone, lets_in
from .settings import network_mode, number

#: Where Docker takes ports of the host from: Linux has 32768 to 60999 for it, Windows and older
#: agents 49152 to 65535.
EPHEMERAL = Port(32768, "tcp", 65535)
#: What changes that range, in an instance's user data.
_OTHER_RANGE = ("ip_local_port_range", "ECS_DYNAMIC_HOST_PORT_RANGE", "dynamicport")


#: What has security groups, by its place, and these.
_Door = tuple[Span, Several[Value]]


@dataclass(frozen=True)
class ShutPort:
    """A port on which nothing lets the load balancer in: why; the target group that checks the
    health there, where it is not the target's own port; the groups that are let in on that one, and
    whether a container publishes the port. ``users`` are the places of what the group that is shut
    is known to be for; none where it is for other services too. ``is_direct``: is it a Network Load
    Balancer in no security group, whose addresses are to be let in?"""

    target: BalancerTarget
    port: Port
    evidence: Evidence
    checked: TargetGroup | None = None
    callers: tuple[Value, ...] = ()
    published: bool = False
    users: tuple[Span, ...] = ()
    is_direct: bool = False


def shut_ports(stack: Stack, launch: Launch) -> Iterator[ShutPort]:
    """Of each target of the launch, its port; or, where that is open, the port on which its health
    is checked."""
    task = stack.task_of(launch)
    if task is None or not launch.balancers.items:
        return
    doors = _doors(stack, launch, task)
    for target in launch.balancers if doors else ():
        ports = _ports(task, target)
        refused = [(port, shut) for port in ports if (shut := _shut(stack, doors, port))]
        if refused and len(refused) == len(ports):
            port, shut = refused[0]
            users = _users(stack, shut.address, launch)
            yield ShutPort(target, port, shut, users=users)
            continue
        group = stack.find(TargetGroup, target.target_group)
        barred = None if group is None else _barred(stack, doors, group, ports)
        if barred is not None:
            yield ShutPort(target, ports[0], barred, is_direct=True)
            continue
        checked = None if group is None else number(group.health_port)
        if group is None or checked is None or checked in [port.number for port in ports]:
            continue
        shut = _shut(stack, doors, Port(checked))
        if shut is not None:
            callers = _callers(stack, shut, ports)
            published = any(mappings_of(container, checked) for container in task.containers)
            yield ShutPort(target, Port(checked), shut, group, callers, published)


def _users(stack: Stack, group: str, launch: Launch) -> tuple[Span, ...]:
    """What has the security group, where no launch but this one is behind it."""
    behind = stack.derived(_behind).get(group, {})
    return tuple(dict.fromkeys(behind[launch.address])) if list(behind) == [launch.address] else ()


def _behind(stack: Stack) -> dict[str, dict[str, list[Span]]]:
    """The launches behind each security group of the stack, and the places of what has it."""
    found: dict[str, dict[str, list[Span]]] = {}
    for launch in stack.launches:
        task = stack.task_of(launch)
        for place, groups in _doors(stack, launch, task) if task is not None else ():
            for value in groups:
                group = stack.find(SecurityGroup, value)
                if group is not None:
                    spans = found.setdefault(group.address, {}).setdefault(launch.address, [])
                    spans.append(place)
    return found


def _barred(
    stack: Stack, doors: list[_Door], group: TargetGroup, ports: list[Port]
) -> Evidence | None:
    """Why a Network Load Balancer in no security group, which all listeners of the group are of,
    cannot check health at the one port: the doors let in other security groups alone (facts K9).
    None where that is not so."""
    at_traffic_port = isinstance(is_absent(group.health_port), Yes) or literal(
        group.health_port
    ) in ("traffic-port", *(str(port.number) for port in ports))
    balancers = stack.derived(_balancers).get(group.address, [])
    if len(ports) != 1 or ports[0].protocol != "tcp" or not at_traffic_port or not balancers:
        return None
    if not all(each is not None and _has_no_group(each) for each in balancers):
        return None
    alone = [groups_alone(stack, groups, ports[0]) for _, groups in doors]
    found = alone[-1]
    if None in alone or found is None:
        return None
    message = (
        f"'{found.address}' lets security groups alone in on {ports[0]}, and "
        f"'{balancers[0].address if balancers[0] else ''}' is in none."
    )
    return Evidence(message, found.address, found.span)


def _balancers(stack: Stack) -> dict[str, list[LoadBalancer | None]]:
    """The load balancers whose listeners send to each target group, by its address."""
    found: dict[str, list[LoadBalancer | None]] = {}
    for listener in stack.of(Listener):
        for value in listener.target_groups:
            group = stack.find(TargetGroup, value)
            if group is not None:
                balancer = stack.find(LoadBalancer, listener.balancer)
                found.setdefault(group.address, []).append(balancer)
    return found


def _has_no_group(balancer: LoadBalancer) -> bool:
    is_network = literal(balancer.kind) == "network" and balancer.conditional is None
    return is_network and isinstance(is_absent(balancer.security_groups), Yes)


def _shut(stack: Stack, doors: Sequence[_Door], port: Port) -> Evidence | None:
    """Why nothing is let in on the port by any of them; None where something may be."""
    answers = [lets_in(stack, groups, port) for _, groups in doors]
    shut = [answer.evidence[0] for answer in answers if isinstance(answer, No)]
    return shut[0] if shut and len(shut) == len(answers) else None


def _callers(stack: Stack, shut: Evidence, ports: list[Port]) -> tuple[Value, ...]:
    group = stack.at(SecurityGroup, shut.address)
    found = [callers_on(stack, group, port) for port in ports] if group is not None else []
    return next((callers for callers in found if callers), ())


def _doors(stack: Stack, launch: Launch, task: TaskDefinition) -> list[_Door]:
    """The security groups in front of the tasks, of each kind of place that they may be in: their
    own, or those of the instances whose ports they take; none where that is not known."""
    mode = network_mode(task)
    if mode == "awsvpc":
        return [(launch.span, launch.network.security_groups)]
    if mode not in ("bridge", "host") or literal(launch_type(stack, launch)) != "EC2":
        return []
    instances = instances_of(stack, launch)
    if isinstance(instances, Unknown) or any(map(_has_other_range, instances)):
        return []
    return [(instance.span, instance.network.security_groups) for instance in instances]


def _has_other_range(instance: LaunchTemplate) -> bool:
    """May Docker take the ports from elsewhere?"""
    script = instance.user_data
    return has_unknown_lines(script) or any(
        word in shown_value(expanded(script)) for word in _OTHER_RANGE
    )


def _ports(task: TaskDefinition, target: BalancerTarget) -> list[Port]:
    """The ports that the load balancer may lead to, by the protocols of the container's mappings;
    none where one of them is not known."""
    port, named = number(target.port), literal(target.container)
    container = next((c for c in task.containers if literal(c.name) == named), None)
    open_end = task.containers.remainder if container is None else container.ports.remainder
    if port is None or open_end is not None:
        return []
    mappings = () if container is None else mappings_of(container, port)
    if not mappings and network_mode(task) != "awsvpc":
        return []
    known = [_port(task, mapping, port) for mapping in mappings] or [Port(port)]
    return list(dict.fromkeys(each for each in known if each)) if None not in known else []


def _port(task: TaskDefinition, mapping: PortMapping, port: int) -> Port | None:
    """Where the load balancer reaches that port of the container."""
    absent = isinstance(is_absent(mapping.protocol), Yes)
    protocol = "tcp" if absent else literal(mapping.protocol)
    if protocol not in ("tcp", "udp"):
        return None
    if network_mode(task) != "bridge":
        return Port(port, protocol)
    outside = 0 if isinstance(is_absent(mapping.host_port), Yes) else number(mapping.host_port)
    if outside is None or not isinstance(is_absent(mapping.range), Yes):
        return None
    return Port(outside, protocol) if outside else Port(EPHEMERAL.number, protocol, EPHEMERAL.last)
