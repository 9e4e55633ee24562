"""VPC endpoints: one that does not lead the tasks to its service, mended; one that there is not,
written as the one that is there for another service."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ... import iam
from ...model import Endpoint, RouteTable, SecurityGroup, Several, Stack
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass
from ...symbolic.values import Value, expanded, literal, shown_value
from ..finding import Draft, Edit, Fix
from ..sources import Form, Sources, closing
from ..wording import quoted
from .edits import all_of, with_edits
from .expressions import Inserted, plain, rendered
from .insertions import argument_at, argument_edit, block_behind
from .lists import extended
from .names import written
from .places import Place, module_files, texts
from .ports import Opening, letting_through
from .settings import argument, setting
from .statements import NewStatement
from .statements import added as behind

_HTTPS = 443
_NONE: Mapping[str, Value] = MappingProxyType({})
#: The last part of a service's name, behind the Region.
_SERVICE = regex(r"\.(ecr\.\w+|[\w-]+)$")
#: The service of a repeated endpoint, in its name.
_EACH = regex(r"\$\{each\.(?:key|value)\}")


@dataclass(frozen=True)
class Lane:
    """From where tasks are to reach endpoints: their security groups, which may let them out to
    anywhere (``leaves``), their subnet's VPC, and its route table, where that is known."""

    groups: Several[Value]
    leaves: bool
    vpc: Value
    table: RouteTable | None


def mended(
    stack: Stack, lane: Lane, address: str, gateway: str = "", calls: Mapping[str, Value] = _NONE
) -> Draft | None:
    """What is at the address, an endpoint or a security group, made to let the tasks through.
    ``gateway`` is the endpoint that a group of the tasks is to let them out to, if it is a gateway,
    ``calls`` the actions and resources that an endpoint's policy is to let pass."""
    group = stack.at(SecurityGroup, address)
    if group is not None:
        own = [stack.find(SecurityGroup, value) for value in lane.groups]
        if group not in own or lane.leaves:  # of one group for both, the way in is shut then
            peers = tuple(dict.fromkeys(lane.groups))
            return letting_through(stack, address, Opening(_HTTPS, "tcp", False, peers))
        out = Opening(_HTTPS, "tcp", True, gateway=gateway)
        return letting_through(stack, address, out)
    endpoint = stack.at(Endpoint, address)
    if endpoint is None:
        return None
    if literal(endpoint.kind) == "Gateway":
        mine = [stack.find(RouteTable, value) for value in endpoint.tables]
        if lane.table in mine:
            return _widened(stack, endpoint, calls)
        return _routed(stack, endpoint, lane)
    if literal(endpoint.private_dns) == "true":
        return _widened(stack, endpoint, calls)
    if literal(endpoint.private_dns) == "false":
        return setting(endpoint.private_dns.span, "true")
    return argument(endpoint.span, "private_dns_enabled", "PrivateDnsEnabled", "true")


def _widened(stack: Stack, endpoint: Endpoint, calls: Mapping[str, Value]) -> Draft:
    """Statements in the endpoint's policy that let the calls pass, where it denies nothing."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        statements = iam.statements(endpoint.policy).statements
        source = sources.at(statements[-1].span) if statements else None
        if source is None or any(literal(each.effect) != "Allow" for each in statements):
            return None
        place, near = Place.beside(stack, sources, source.file, endpoint.address), statements[-1]
        edits: list[Edit | None] = []
        for action, resource in calls.items():
            name = written(place, resource, resource)
            if name is None:
                return None
            new = NewStatement((action,), (name,), plain("*"), "AWS")
            edits += behind(source, near.span, new) or [None]
        return with_edits(fix, edits)

    return draft


def _routed(stack: Stack, endpoint: Endpoint, lane: Lane) -> Draft:
    """The subnet's route table among those of the gateway."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(endpoint.span)
        if source is None:
            return None
        place = Place.beside(stack, sources, source.file, endpoint.address)
        name = _named(place, lane.table)
        listed = argument_at(source, endpoint.span, "route_table_ids", "RouteTableIds")
        form = source.form(source.start(endpoint.span))
        if name is None:
            return None
        text = str(rendered(form, name, flow=True))
        if listed is None:
            names = ("route_table_ids", "RouteTableIds")
            if any(each in source.slice(endpoint.span) for each in names):
                return None
            return with_edits(fix, [argument_edit(source, endpoint.span, names, f"[{text}]")])
        if not endpoint.tables.items:
            is_empty = re.fullmatch(r"\[\s*\]", source.slice(listed))
            return with_edits(fix, [Edit(listed, f"[{text}]")]) if is_empty else None
        spans = [value.span for value in endpoint.tables]
        return with_edits(fix, extended(source, listed, spans, [name]))

    return draft


def _named(place: Place, table: RouteTable | None) -> tuple[Inserted] | None:
    name = None if table is None else place.name_of(table.address)
    if name is None:
        return None
    return (Inserted(f"{name}.id" if place.is_terraform else name),)


def added(stack: Stack, lane: Lane, services: Sequence[str]) -> Draft:
    """Endpoints for the services, each like one that the VPC has: an interface endpoint, or for S3
    a gateway. None where the code has one for the service that is left out by a condition."""

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        for endpoint in stack.of(Endpoint):
            service = _SERVICE.search(shown_value(expanded(endpoint.service)))
            is_like = shown_value(endpoint.vpc) == shown_value(lane.vpc)
            if service is None or not is_like or literal(endpoint.kind) != "Interface":
                continue
            edits = _like(stack, sources, endpoint, service[1], services, lane)
            if edits:
                like = f"Add endpoints for {quoted(services)}, as '{endpoint.address}' is one:"
                return with_edits(fix, edits, summary=like)
        return None

    return draft


def _like(
    stack: Stack,
    sources: Sources,
    endpoint: Endpoint,
    service: str,
    wanted: Sequence[str],
    lane: Lane,
) -> list[Edit] | None:
    source = sources.at(endpoint.span)
    if source is None:
        return None
    place = Place.beside(stack, sources, source.file, endpoint.address)
    whole = source.slice(endpoint.span)
    if any(_is_written(text, each) for text in texts(place) for each in wanted):
        return None
    form = source.form(source.start(endpoint.span))
    repeated = re.search(r"^[ \t]*for_each[ \t]*=", whole, re.M)
    # S3 has a gateway of its own: it is none of a list of interface endpoints.
    listed = [each for each in wanted if each != "s3"] if repeated else []
    more = _listed(place, service, listed) if listed else []
    blocks = all_of(
        _gateway(place, form, whole, service, lane)
        if each == "s3"
        else _copy(form, whole, service, each)
        for each in wanted
        if each not in listed
    )
    if blocks is None or more is None:
        return None
    if not blocks:
        return more
    end, margin = source.end(endpoint.span), source.indent(source.start(endpoint.span))
    if form is Form.CFN_JSON:
        return [Edit(source.span(end, end), "".join(f",\n{margin}{block}" for block in blocks))]
    lead = "" if form is Form.HCL else margin
    return [*more, block_behind(source, end, "\n\n".join(lead + block for block in blocks))]


def _is_written(text: str, service: str) -> bool:
    """Is there an endpoint for the service in the code, be it not made?"""
    names = re.findall(r"\bamazonaws(\.[^\"'\s]+)", text)
    return any(name.endswith(f".{service}") for name in names)


def _listed(place: Place, service: str, wanted: Sequence[str]) -> list[Edit] | None:
    """The services in the one list of the module that names the other one."""
    quoted_name = re.compile(rf'[\[,]\s*"{re.escape(service)}"\s*(?=[,\]])')
    places = [
        (source, found)
        for file in module_files(place.stack, place.folder)
        for source in [place.sources.of(file)]
        for found in quoted_name.finditer(source.text)
    ]
    if len(places) != 1:
        return None
    source, found = places[0]
    start = source.text.rindex("[", 0, found.start() + 1)
    end = closing(source.text, start)
    items = [
        source.span(start + each.start(), start + each.end())
        for each in re.finditer(r'"[\w.-]+"', source.text[start:end])
    ]
    return extended(source, source.span(start, end), items, [plain(each) for each in wanted])


def _copy(form: Form, whole: str, service: str, wanted: str) -> str:
    """The endpoint once more for the other service, by whose name it is called."""
    text = whole
    for mark in (".", "-", "_"):
        old, new = (each.replace(".", mark) for each in (service, wanted))
        text = re.sub(rf"(?<![a-zA-Z0-9]){re.escape(old)}(?![a-zA-Z0-9])", new, text)
    first, dot, _ = service.partition(".")
    if dot and not wanted.startswith(f"{first}."):
        text = text.replace(f'"{first}"', f'"{wanted}"')
    return _relabelled(form, text, whole, wanted)


def _relabelled(form: Form, text: str, whole: str, wanted: str) -> str:
    if form is Form.HCL:
        head = re.compile(r'^(resource\s+"\w+"\s+)"[\w-]+"')
        return head.sub(lambda found: f'{found[1]}"{re.sub(r"[.-]", "_", wanted)}"', text, count=1)
    label = "".join(part[:1].upper() + part[1:] for part in re.split(r"[.-]", wanted))
    suffix = "Endpoint" if re.match(r'"?\w*Endpoint\b', whole) else ""
    return re.sub(r"^(\"?)\w+", rf"\g<1>{label}{suffix}", text, count=1)


def _written(block: str, *names: str) -> str:
    """What stands on the line behind an argument or property of one of the names; "" without."""
    found = re.search(rf"\b(?:{'|'.join(names)})\b[\"']?[ \t]*[:=]", block)
    return "" if found is None else block[found.end() :].partition("\n")[0].strip(" \t,")


def _gateway(place: Place, form: Form, whole: str, service: str, lane: Lane) -> str | None:
    """A gateway for S3 in the subnet's route table, in the VPC and the Region of the endpoint."""
    name = _named(place, lane.table)
    vpc = _written(whole, "vpc_id", "VpcId")
    service_name = _written(whole, "service_name", "ServiceName")
    of_s3 = _EACH.sub("s3", service_name).replace(service, "s3")
    if name is None or not vpc or of_s3 == service_name or "each." in f"{vpc} {of_s3}":
        return None
    table = rendered(form, name, flow=True)
    if form is Form.HCL:
        return (
            'resource "aws_vpc_endpoint" "s3" {\n'
            f"  vpc_id            = {vpc}\n  service_name      = {of_s3}\n"
            f'  vpc_endpoint_type = "Gateway"\n  route_table_ids   = [{table}]\n}}'
        )
    if form is not Form.YAML:
        return None
    lines = (
        "Type: AWS::EC2::VPCEndpoint",
        "Properties:",
        f"  VpcId: {vpc}",
        f"  ServiceName: {of_s3}",
        "  VpcEndpointType: Gateway",
        f"  RouteTableIds: [{table}]",
    )
    indent = re.search(r"\n( +)Type:", whole)
    margin = indent[1] if indent else "    "
    label = "S3Endpoint" if re.match(r"\w*Endpoint\b", whole) else "S3"
    return f"{label}:\n" + "\n".join(margin + line for line in lines)
