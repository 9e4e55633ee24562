"""What gives tasks the endpoints that they lack."""

from __future__ import annotations

from collections.abc import Mapping

from ..ecs.endpoints import CALLS, key, layers_of
from ..ecs.network import Shut, table_of
from ..ecs.security_groups import BEYOND, HTTPS, lets_out
from ..findings.finding import Draft
from ..findings.fixing.endpoints import Lane, added, mended
from ..findings.fixing.settings import together
from ..model import Endpoint, Launch, RouteTable, Stack
from ..symbolic.answers import No, Yes
from ..symbolic.values import Known, expanded, join, literal, shown_value


def giving_endpoints(
    stack: Stack, launch: Launch, shut: Shut, refused: Mapping[str, No]
) -> Draft | None:
    """All endpoints that lead nowhere mended, and those added that there are not: for the services,
    each with what stands in its way (the last of it is the network's)."""
    if shut.subnet is None:
        return None
    table = table_of(stack, shut.subnet)
    routed = table if isinstance(table, RouteTable) else None
    groups = launch.network.security_groups
    leaves = isinstance(lets_out(stack, groups, HTTPS, BEYOND), Yes)
    lane = Lane(groups, leaves, shut.subnet.vpc, routed)
    drafts: dict[str, Draft | None] = {}
    missing = []
    for service, answer in refused.items():
        near = [evidence.address for evidence in answer.evidence[:-1]]
        missing += [] if near else [service]
        gateway = _gateway_for(stack, service, lane)
        calls = {
            action: join(layers_of(stack), "/*") if bucket else Known("*")
            for action, bucket in CALLS.get(service, {}).items()
        }
        drafts |= {address: mended(stack, lane, address, gateway, calls) for address in near}
    return together(*drafts.values(), *([added(stack, lane, missing)] if missing else []))


def _gateway_for(stack: Stack, service: str, lane: Lane) -> str:
    """The address of the VPC's gateway for the service, or ""."""
    for endpoint in stack.of(Endpoint):
        named = shown_value(expanded(endpoint.service)).endswith(f".{service}")
        if named and literal(endpoint.kind) == "Gateway" and key(endpoint.vpc) == key(lane.vpc):
            return endpoint.address
    return ""
