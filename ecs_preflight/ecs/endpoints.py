"""VPC endpoints: whether one leads a VPC's tasks to a service (facts K2, K3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from .. import iam
from ..model import (
    Endpoint,
    HostedZone,
    Principal,
    Role,
    RouteTable,
    Several,
    Stack,
    TaskDefinition,
    Vpc,
)
from ..symbolic import arns
from ..symbolic.answers import Answer, Evidence, No, Yes, is_absent, truth
from ..symbolic.patterns import regex
from ..symbolic.titles import shown_title
from ..symbolic.values import (
    Known,
    Reference,
    Unknown,
    Value,
    Why,
    expanded,
    first,
    join,
    literal,
    shown_value,
)
from .security_groups import BEYOND, HTTPS, lets_in, lets_out

#: What follows the Region in a service name that a task, or the agent, may use.
_SERVICE = regex(
    r"\.(ecr\.api|ecr\.dkr|s3|logs|secretsmanager|ssm|ssmmessages|kms|ecs|ecs-agent|ecs-telemetry)$"
)


def endpoint_leads(
    stack: Stack,
    vpc: Value,
    table: RouteTable | None,
    task: TaskDefinition | None,
    service: str,
    callers: Several[Value],
) -> Answer:
    """Does an endpoint of the VPC lead the tasks (of None: an instance's agent) to ``service`` (the
    end of its name)?

    ``table`` is the route table of the task's subnet, by which a gateway is reached; None where it
    is not known. ``callers`` are the tasks' security groups. No names what stands in the way of
    those that there are."""
    shut: list[Evidence] = []
    doubt: Unknown | None = None
    for endpoint in stack.of(Endpoint):
        if isinstance(endpoint.vpc, Unknown):
            doubt = first(doubt, endpoint.vpc)
        if key(endpoint.vpc) != key(vpc):
            continue
        name = shown_value(expanded(endpoint.service))
        if "${" in name.rpartition(".")[2]:
            doubt = first(doubt, Unknown(f"the service of '{endpoint.address}' is not known"))
            continue
        found = _SERVICE.search(name)
        if found is None or found[1] != service:
            continue
        answer = _serves(stack, endpoint, table, task, service, callers)
        if isinstance(answer, Yes):
            return answer if endpoint.conditional is None else endpoint.conditional
        if isinstance(answer, Unknown):
            doubt = first(doubt, answer)
        else:
            shut += answer.evidence
    return No(tuple(shut)) if doubt is None else doubt


def _serves(
    stack: Stack,
    endpoint: Endpoint,
    table: RouteTable | None,
    task: TaskDefinition | None,
    service: str,
    callers: Several[Value],
) -> Answer:
    """Does this endpoint do so: reached, under the service's own name, and by its policy?"""
    kind = literal(endpoint.kind)
    if kind == "Gateway":
        reached = _in_table(stack, endpoint, table)
        # A gateway leads to addresses outside of the VPC, which a prefix list stands for.
        passes = [lets_out(stack, callers, HTTPS, BEYOND)]
    elif kind == "Interface":
        reached, named = _by_name(stack, endpoint), endpoint.security_groups
        passes = [
            lets_in(stack, named, HTTPS, callers if callers.items else None),
            lets_out(stack, callers, HTTPS, named if named.items else None),
        ]
    else:
        reached = Unknown(f"the type of '{endpoint.address}' is not known", why=Why.INPUT)
    if not isinstance(reached, Yes):
        return reached
    shut = next((passed for passed in passes if isinstance(passed, No)), None)
    if shut is not None:
        return shut
    return next(
        (a for a in _by_policy(stack, endpoint, task, service) if not isinstance(a, Yes)), reached
    )


def _in_table(stack: Stack, endpoint: Endpoint, table: RouteTable | None) -> Answer:
    mine = [stack.find(RouteTable, value) for value in endpoint.tables]
    if table is not None and table in mine:
        return Yes()
    if table is None or None in mine or endpoint.tables.remainder is not None:
        return Unknown("the route tables of the endpoint or of the subnet are not known")
    message = f"'{endpoint.address}' is not in route table '{table.address}'."
    return No((Evidence(message, endpoint.address, endpoint.span),))


def _by_name(stack: Stack, endpoint: Endpoint) -> Answer:
    """Does the service's own name lead to the endpoint? Without private DNS a zone may see to
    that."""
    written = endpoint.private_dns
    if literal(written) == "true":
        return Yes()
    off = literal(written) == "false" or isinstance(is_absent(written), Yes)
    if not off:
        return Unknown("whether the endpoint has private DNS is not known", span=written.span)
    if stack.of(HostedZone):
        return Unknown("a hosted zone may name the endpoint", why=Why.OUTSIDE)
    message = f"'{endpoint.address}' is without private DNS."
    return No((Evidence(message, endpoint.address, endpoint.span),))


def only_gateway(stack: Stack, vpc: Value, service: str) -> Endpoint | None:
    """The gateway to the service, where the VPC has one in the code and nothing else may lead
    there; None where that is not so."""
    if isinstance(vpc, Unknown) and vpc.symbol is None:
        return None
    found: Endpoint | None = None
    for endpoint in stack.of(Endpoint):
        name = shown_value(expanded(endpoint.service))
        served = _SERVICE.search(name)
        if "${" in name.rpartition(".")[2]:
            return None
        if served is None or served[1] != service:
            continue
        if literal(endpoint.kind) != "Gateway":
            return None
        if key(endpoint.vpc) == key(vpc) and endpoint.conditional is None:
            found = endpoint
    return found


def without_hostnames(stack: Stack) -> tuple[tuple[Endpoint, Vpc, str], ...]:
    """Interface endpoints with private DNS, in VPCs of the stack without DNS hostnames, which are
    off unless they are turned on; with the service of each."""
    return tuple(_without_hostnames(stack))


def _without_hostnames(stack: Stack) -> Iterator[tuple[Endpoint, Vpc, str]]:
    for endpoint in stack.of(Endpoint):
        vpc = stack.find(Vpc, endpoint.vpc)
        name = _SERVICE.search(shown_value(expanded(endpoint.service)))
        if (
            vpc is not None
            and isinstance(endpoint.vpc, Reference)
            and name is not None
            and literal(endpoint.kind) == "Interface"
            and literal(endpoint.private_dns) == "true"
            and endpoint.conditional is None
            and not isinstance(truth(vpc.hostnames), (Yes, Unknown))
            and stack.owns(vpc)
            and stack.owns(endpoint)
        ):
            yield endpoint, vpc, name[1]


#: What starting a task calls through the endpoint of a service: the login, and the bucket where
#: Amazon ECR keeps layers (True; ECR vpc-endpoints).
CALLS: Mapping[str, Mapping[str, bool]] = MappingProxyType(
    {"ecr.api": {"ecr:GetAuthorizationToken": False}, "s3": {"s3:GetObject": True}}
)


def layers_of(stack: Stack) -> Value:
    """The bucket where Amazon ECR keeps layers."""
    target = stack.target
    return join("arn:", target.partition, ":s3:::prod-", target.region, "-starport-layer-bucket")


def _by_policy(
    stack: Stack, endpoint: Endpoint, task: TaskDefinition | None, service: str
) -> Iterator[Answer]:
    """Does its policy allow what starting a task calls through the endpoint?"""
    if task is None or isinstance(is_absent(endpoint.policy), Yes):
        return
    layers, key_of_layer = layers_of(stack), arns.hole(endpoint.address, "layer")
    role = stack.role_of(task.execution_role)
    callers: tuple[iam.Caller, ...] = (iam.AnonymousCaller(),)
    if isinstance(role, Role):
        callers = (iam.RoleCaller(role, Principal.EXECUTION), *callers)
    title = f"the policy of '{endpoint.address}'"
    for action, bucket in CALLS.get(service, {}).items():
        resource = join(layers, "/", key_of_layer) if bucket else Known("*")
        answers = [
            iam.document_allows(
                endpoint.policy, title, endpoint.address, iam.Call(stack, caller, action, resource)
            )
            for caller in callers
        ]
        if all(isinstance(answer, No) for answer in answers):
            message = f"The policy of '{endpoint.address}' does not allow '{action}'"
            where = f" on '{shown_title(layers)}/*'" if bucket else ""
            span = endpoint.policy.span if endpoint.policy.span.line else endpoint.span
            yield No((Evidence(f"{message}{where}.", endpoint.address, span),))
        else:
            yield next((a for a in answers if not isinstance(a, No)), Yes())


def key(value: Value) -> str:
    """What a VPC or table is told apart by."""
    return getattr(value, "address", None) or shown_value(value)
