"""What security groups let through, as far as their rules are in the code."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import PortRule, SecurityGroup, Several, Stack
from ..symbolic.answers import Answer, Evidence, No, Yes
from ..symbolic.records import dataclass
from ..symbolic.values import Unknown, Value, Why, first, literal
from .settings import number

#: What a rule may call a protocol (IANA, "Protocol Numbers").
_NUMBERS = {"tcp": "6", "udp": "17"}


@dataclass(frozen=True)
class Port:
    """A port of a protocol, ``tcp`` or ``udp``; or whichever port up to ``last``, where something
    passes that passes on one of them."""

    number: int
    protocol: str = "tcp"
    last: int = 0

    def __str__(self) -> str:
        if self.last:
            return f"{self.protocol.upper()} ports {self.number} to {self.last}"
        return f"{self.protocol.upper()} port {self.number}"


HTTPS, NFS = Port(443), Port(2049)


_CALLERS = " from the tasks' security groups"
#: What stands outside of the VPC: no rule that names security groups or private addresses is for
#: it.
BEYOND = Several[Value]()


def lets_out(
    stack: Stack, groups: Several[Value], port: Port, peers: Several[Value] | None = None
) -> Answer:
    """May anything leave through one of the groups to that port: to one of the security groups
    ``peers``, or wherever it is?

    Unknown without a group: the VPC's default one, which lets everything out, may be changed; and
    for a group of which the code has no rule at all."""
    return _lets(stack, groups, port, peers, out=True)


def lets_in(
    stack: Stack, groups: Several[Value], port: Port, peers: Several[Value] | None = None
) -> Answer:
    """May anything enter through one of the groups to that port: from one of the security groups
    ``peers``, or wherever it comes from?"""
    return _lets(stack, groups, port, peers, out=False)


def _lets(
    stack: Stack, groups: Several[Value], port: Port, peers: Several[Value] | None, out: bool
) -> Answer:
    doubt, shut = groups.remainder, []
    for value in groups:
        group = stack.find(SecurityGroup, value)
        if group is None:
            doubt = first(doubt, Unknown("the security group is not in sight", why=Why.OUTSIDE))
            continue
        rules = group.egress if out else group.ingress
        if not group.ingress.items and not group.egress.items:
            doubt = first(doubt, Unknown("the group's rules may stand elsewhere", why=Why.OUTSIDE))
        answers = [_covers(stack, rule, port, peers) for rule in rules]
        if any(isinstance(answer, Yes) for answer in answers):
            return Yes()
        unclear = (answer for answer in answers if isinstance(answer, Unknown))
        doubt = first(doubt, rules.remainder, *unclear)
        way = f"lets nothing {'out to' if out else 'in on'} {port}"
        others = [r for r in rules if isinstance(_covers(stack, r, port, None), Yes)]
        if others:
            way = f"lets {port} out to {_names(others)} alone" if out else f"{way}{_CALLERS}"
        shut.append(Evidence(f"'{group.address}' {way}.", group.address, group.span))
    if doubt is not None:
        return doubt
    unnamed = Unknown("no security group is named", why=Why.OUTSIDE)
    return No(tuple(shut)) if shut else unnamed


def _names(rules: Sequence[PortRule]) -> str:
    """Whom the rules are for."""
    kinds = {"private addresses" if rule.private else "security groups" for rule in rules}
    return " and ".join(sorted(kinds))


def _covers(stack: Stack, rule: PortRule, port: Port, peers: Several[Value] | None) -> Answer:
    admitted = _admits(stack, rule, peers)
    if isinstance(admitted, No):
        return admitted
    protocol = literal(rule.protocol)
    if protocol is None:
        return Unknown("the protocol of a rule is not known", span=rule.protocol.span)
    if protocol.lower() in ("-1", "all"):
        return admitted
    if protocol.lower() not in (port.protocol, _NUMBERS[port.protocol]):
        return No()
    lowest, highest = number(rule.first), number(rule.last)
    if lowest is None or highest is None:
        return Unknown("the ports of a rule are not known", span=rule.first.span)
    overlap = lowest <= max(port.number, port.last) and port.number <= highest
    return admitted if overlap else No()


def groups_alone(
    stack: Stack, groups: Several[Value], port: Port, out: bool = False
) -> SecurityGroup | None:
    """The last of the security groups where all of them, as is known of each rule, let in on the
    port, or out to it, nothing but other security groups; None where that is not so."""
    found: SecurityGroup | None = None
    for value in groups:
        found = stack.find(SecurityGroup, value)
        rules = None if found is None else found.egress if out else found.ingress
        if rules is None or rules.remainder is not None:
            return None
        open_to = [rule for rule in rules if not isinstance(_covers(stack, rule, port, None), No)]
        if not open_to or not all(rule.groups.items for rule in open_to):
            return None
    return found if groups.remainder is None else None


def all_in_sight(stack: Stack, groups: Several[Value]) -> bool:
    """Are they, and all that they let out to, security groups of the stack?"""
    found = [stack.find(SecurityGroup, value) for value in groups]
    peers = [
        stack.find(SecurityGroup, value)
        for group in found
        if group is not None
        for rule in group.egress
        for value in rule.groups
    ]
    return all(each is not None and stack.owns(each) for each in (*found, *peers))


def callers_on(stack: Stack, group: SecurityGroup, port: Port) -> tuple[Value, ...]:
    """The security groups that the group surely lets in on the port, by a rule that is for no
    address."""
    for rule in group.ingress:
        if rule.groups.items and isinstance(_covers(stack, rule, port, None), Yes):
            return rule.groups.items
    return ()


def _admits(stack: Stack, rule: PortRule, peers: Several[Value] | None) -> Answer:
    """Is the rule for one of the peers? It is where it names addresses; of those of private
    networks none is beyond the VPC."""
    if peers == BEYOND and rule.private:
        return No()
    if not rule.groups.items or peers is None:
        return Yes()
    mine = [stack.find(SecurityGroup, value) for value in peers]
    named = [stack.find(SecurityGroup, value) for value in rule.groups]
    if any(group is not None and group in mine for group in named):
        return Yes()
    if None in mine or (mine and None in named) or peers.remainder or rule.groups.remainder:
        return Unknown("whom a rule is for is not in sight", why=Why.OUTSIDE)
    return No()
