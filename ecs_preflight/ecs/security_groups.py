"""What security groups let through, as far as their rules are in the code."""

from __future__ import annotations

from ..model import PortRule, SecurityGroup, Several, Stack
from ..symbolic.answers import Answer, Evidence, No, Yes
from ..symbolic.values import Unknown, Value, Why, first, literal
from .settings import number

HTTPS, NFS = 443, 2049


def lets_out(stack: Stack, groups: Several[Value], port: int) -> Answer:
    """May anything leave through one of the groups to that TCP port, wherever it is?

    Unknown without a group: the VPC's default one, which lets everything out, may be changed; and
    for a group of which the code has no rule at all."""
    return _lets(stack, groups, port, out=True)


def lets_in(stack: Stack, groups: Several[Value], port: int) -> Answer:
    """May anything enter through one of the groups to that TCP port, wherever it comes from?"""
    return _lets(stack, groups, port, out=False)


def _lets(stack: Stack, groups: Several[Value], port: int, out: bool) -> Answer:
    doubt, shut = groups.remainder, []
    for value in groups:
        group = stack.find(SecurityGroup, value)
        if group is None:
            doubt = first(doubt, Unknown("the security group is not in sight", why=Why.OUTSIDE))
            continue
        rules = group.egress if out else group.ingress
        if not group.ingress.items and not group.egress.items:
            doubt = first(doubt, Unknown("the group's rules may stand elsewhere", why=Why.OUTSIDE))
        answers = [_covers(rule, port) for rule in rules]
        if any(isinstance(answer, Yes) for answer in answers):
            return Yes()
        unclear = (answer for answer in answers if isinstance(answer, Unknown))
        doubt = first(doubt, rules.remainder, *unclear)
        way = f"lets nothing {'out to' if out else 'in on'} TCP port {port}"
        shut.append(Evidence(f"'{group.address}' {way}.", group.address, group.span))
    if doubt is not None:
        return doubt
    unnamed = Unknown("no security group is named", why=Why.OUTSIDE)
    return No(tuple(shut)) if shut else unnamed


def _covers(rule: PortRule, port: int) -> Answer:
    protocol = literal(rule.protocol)
    if protocol is None:
        return Unknown("the protocol of a rule is not known", span=rule.protocol.span)
    if protocol.lower() in ("-1", "all"):
        return Yes()
    if protocol.lower() not in ("tcp", "6"):
        return No()
    lowest, highest = number(rule.first), number(rule.last)
    if lowest is None or highest is None:
        return Unknown("the ports of a rule are not known", span=rule.first.span)
    return Yes() if lowest <= port <= highest else No()
