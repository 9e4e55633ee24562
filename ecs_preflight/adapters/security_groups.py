"""Security groups, and rules of them that stand in resources of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Network

from ..model import PortRule, SecurityGroup, Several
from ..symbolic.answers import No, Yes, truth
from ..symbolic.records import replace
from ..symbolic.values import Entries, Items, Known, Reference, Unknown, Value, Why, first, literal
from .fields import base, field, is_null, maps, scalars
from .patches import Fact, Patch
from .units import Declared

#: The rule by which EC2 lets everything out of a new group.
_ALL = PortRule(Known("-1"), Known(None), Known(None), by_default=True)
#: What no address of AWS or of the internet is in (RFC 1918, RFC 6598).
_PRIVATE = tuple(
    map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)


def terraform_group(declared: Declared) -> Iterator[Fact]:
    """``aws_security_group``: Terraform takes away the rule by which EC2 lets everything out."""
    yield _group(declared, _rules(field(declared.body, "Egress")))


def cloudformation_group(declared: Declared) -> Iterator[Fact]:
    """``AWS::EC2::SecurityGroup``: EC2's rule that lets everything out stays unless one is
    written, here or in a resource of its own."""
    egress = _rules(field(declared.body, "SecurityGroupEgress"))
    by_default = not egress.items and egress.remainder is None
    yield _group(declared, Several((_ALL,)) if by_default else egress)


def _group(declared: Declared, egress: Several[PortRule]) -> SecurityGroup:
    ingress = _rules(field(declared.body, "SecurityGroupIngress", "Ingress"))
    own = Reference(declared.address, "id")

    def named(rules: Several[PortRule]) -> Several[PortRule]:
        return replace(rules, items=tuple(_with_self(rule, own) for rule in rules))

    vpc = field(declared.body, "VpcId")
    return SecurityGroup(**base(declared), vpc=vpc, ingress=named(ingress), egress=named(egress))


def _rules(listed: Value) -> Several[PortRule]:
    return maps(listed, _rule)


def _rule(item: Entries) -> PortRule:
    protocol = field(item, "IpProtocol", "Protocol")
    named = scalars(field(item, *_GROUPS))
    addresses = any(_is_given(field(item, name)) for name in _ADDRESSES)
    itself = field(item, "Self")
    if isinstance(truth(itself), Yes):
        named = replace(named, items=(*named.items, _SELF))
    elif not isinstance(truth(itself), No):
        addresses = True
    groups = Several[Value]() if addresses else named
    private = addresses and _is_private(item)
    first_port, last_port = field(item, "FromPort"), field(item, "ToPort")
    return PortRule(protocol, first_port, last_port, groups, private, span=item.span)


def _is_private(item: Entries) -> bool:
    """Are the addresses of the rule all of private networks, or a VPC's or subnet's own?"""
    cidrs = [scalars(field(item, name)) for name in _CIDRS]
    others = (name for name in _ADDRESSES if name not in _CIDRS)
    return (
        not any(_is_given(field(item, name)) for name in others)
        and all(several.remainder is None for several in cidrs)
        and all(_in_private(cidr) for several in cidrs for cidr in several)
    )


def _in_private(cidr: Value) -> bool:
    if isinstance(cidr, Reference) and cidr.attribute in ("cidr_block", "CidrBlock"):
        return True
    try:
        network = IPv4Network(literal(cidr) or "", strict=False)
    except ValueError:
        return False
    return any(network.subnet_of(each) for each in _PRIVATE)


#: What names the security groups that a rule is for, and what names addresses.
_GROUPS = (
    "SecurityGroups",
    "SourceSecurityGroupId",
    "DestinationSecurityGroupId",
    "ReferencedSecurityGroupId",
)
_CIDRS = ("CidrBlocks", "CidrIp", "CidrIpv4")
_ADDRESSES = (
    *_CIDRS,
    "Ipv6CidrBlocks",
    "PrefixListIds",
    "CidrIpv6",
    "PrefixListId",
    "SourcePrefixListId",
    "DestinationPrefixListId",
    "SourceSecurityGroupName",
)
#: Stands for the group that the rule is of.
_SELF = Known("self")


def _is_given(value: Value) -> bool:
    """Is it there, or may it be?"""
    return not is_null(value) and not (
        isinstance(value, Items) and not value.items and value.remainder is None
    )


def _with_self(rule: PortRule, own: Value) -> PortRule:
    groups = tuple(own if group is _SELF else group for group in rule.groups)
    return replace(rule, groups=replace(rule.groups, items=groups))


def _of_group(
    is_egress: Callable[[Declared], bool | Unknown],
) -> Callable[[Declared], Iterator[Fact]]:
    """A reader of rules that name their security group."""

    def read(declared: Declared) -> Iterator[Fact]:
        outward = is_egress(declared)
        own = field(declared.body, "SecurityGroupId", "GroupId")
        read_rule = replace(_with_self(_rule(declared.body), own), span=declared.span)
        rule = Several((read_rule,), declared.conditional)
        sides = (True, False) if isinstance(outward, Unknown) else (outward,)
        more = Several((), outward) if isinstance(outward, Unknown) else rule
        yield from (_patch(declared, egress, more) for egress in sides)

    return read


def _patch(declared: Declared, egress: bool, more: Several[PortRule]) -> Patch:
    return Patch(
        SecurityGroup,
        field(declared.body, "SecurityGroupId", "GroupId"),
        lambda group: _with(group, egress, more),
        lambda group, reason: _with(group, egress, Several((), reason)),
        declared.address,
        declared.span,
    )


def _with(group: SecurityGroup, egress: bool, more: Several[PortRule]) -> SecurityGroup:
    mine = group.egress if egress else group.ingress
    kept = (rule for rule in mine if not (egress and rule.by_default))
    several = Several((*kept, *more), first(mine.remainder, more.remainder))
    return replace(group, egress=several) if egress else replace(group, ingress=several)


def _by_type(declared: Declared) -> bool | Unknown:
    """Terraform's older rules say in ``type`` which way they are for."""
    written = field(declared.body, "Type")
    kind = literal(written)
    if kind is None or is_null(written):
        return Unknown("the rule may be for either way", why=Why.INPUT, span=declared.span)
    return kind == "egress"


egress_rule = _of_group(lambda declared: True)
ingress_rule = _of_group(lambda declared: False)
rule_of_either_way = _of_group(_by_type)
