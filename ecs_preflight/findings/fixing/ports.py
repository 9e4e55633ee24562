"""A rule of a security group for one port, written as the group's other rules are: a block of the
group, an item of its list, or a resource of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...model import SecurityGroup, Stack
from ...symbolic.patterns import regex
from ...symbolic.records import dataclass, replace
from ...symbolic.values import Value
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .edits import with_edits
from .expressions import Inserted, rendered, simplified
from .insertions import argument_edit, block_behind, properties_head
from .places import Place, texts
from .policies import free_label

_ANYWHERE = "0.0.0.0/0"
#: A resource that is one rule, by the argument that says of which group.
_OWN_RULE = regex(
    r'^resource[ \t]+"(aws_vpc_security_group_(?:in|e)gress_rule|aws_security_group_rule)"', re.M
)


@dataclass(frozen=True)
class Opening:
    """What a group is to let through: a port of a protocol, ``out`` or in, to or from the groups
    ``peers``; outwards to the addresses of the gateway endpoint at ``gateway``, or, where there is
    none of these, to anywhere."""

    number: int
    protocol: str
    out: bool
    peers: tuple[Value, ...] = ()
    gateway: str = ""

    @property
    def side(self) -> str:
        """The side of the group, as Terraform calls it."""
        return "egress" if self.out else "ingress"


def letting_through(stack: Stack, address: str, opening: Opening) -> Draft | None:
    """One more rule of the group at the address; None for a group that is not the stack's, or for
    whom it cannot be told."""
    group = stack.at(SecurityGroup, address)
    if group is None or not (opening.out or opening.peers):
        return None

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        source = sources.at(group.span)
        if source is None:
            return None
        place = Place.beside(stack, sources, source.file, group.address)
        form = source.form(source.start(group.span))
        peers = [_named(place, form, peer) for peer in opening.peers]
        named = [peer for peer in peers if peer is not None]
        if len(named) < len(peers):
            return None
        if form is Form.HCL:
            edit = _in_terraform(place, source, group, opening, named)
        else:
            edit = _in_template(place, source, group, opening, named)
        return with_edits(fix, [edit])

    return draft


def _named(place: Place, form: Form, peer: Value) -> str | None:
    """The ID of the group as it can be written at the place."""
    group = place.stack.find(SecurityGroup, peer)
    name = None if group is None else place.name_of(group.address)
    if name is None:
        return None
    attribute = "id" if place.is_terraform else "GroupId"
    return rendered(form, simplified((Inserted(f"{name}.{attribute}"),)), flow=True)


def _in_terraform(
    place: Place, source: FileText, group: SecurityGroup, opening: Opening, peers: Sequence[str]
) -> Edit | None:
    block, end = source.slice(group.span), source.end(group.span)
    if opening.gateway and place.name_of(opening.gateway) is None:
        return None
    if re.search(rf"^[ \t]*({opening.side}[ \t]*=|dynamic\b)", block, re.M):
        return None
    name = group.address.removeprefix(place.home)
    kind = _kind_of_rules(place, name, opening)
    inline = list(re.finditer(rf"^([ \t]+)({opening.side})[ \t]*\{{", block, re.M))
    if kind is None and not inline:
        inline = list(re.finditer(r"^([ \t]+)(ingress|egress)[ \t]*\{", block, re.M))
    if kind is None and inline:
        start = source.start(group.span) + inline[-1].start()
        closed = re.compile(rf"^{inline[-1][1]}\}}", re.M).search(source.text, start)
        lines = _arguments(place, opening, peers, "security_groups", "protocol", name)
        return closed and block_behind(
            source, closed.end(), _block(opening.side, lines, inline[-1][1])
        )
    kind = kind or f"aws_vpc_security_group_{opening.side}_rule"
    if len(peers) > 1 or "[" in name:
        return None
    own = [("security_group_id", f"{name}.id")]
    if kind == "aws_security_group_rule":
        lines = [("type", f'"{opening.side}"'), *own]
        lines += _arguments(place, opening, peers, "source_security_group_id", "protocol")
    else:
        named = "referenced_security_group_id"
        lines = [*own, *_arguments(place, opening, peers, named, "ip_protocol")]
    label = free_label(place, f"{name.rpartition('.')[2]}_{opening.number}", kind)
    return block_behind(source, end, _block(f'resource "{kind}" "{label}"', lines, ""))


def _kind_of_rules(place: Place, name: str, opening: Opening) -> str | None:
    """The resource that the group's rules of that side are, where they stand apart."""
    of_group = re.compile(rf"\b{re.escape(name)}\.id\b")
    for text in texts(place):
        for own in _OWN_RULE.finditer(text):
            body = text[own.end() : text.find("\n}", own.end())]
            is_side = opening.side in own[1] or re.search(rf'"{opening.side}"', body)
            if is_side and of_group.search(body):
                return own[1]
    return None


def _arguments(
    place: Place,
    opening: Opening,
    peers: Sequence[str],
    naming: str,
    protocol: str,
    inside: str = "",
) -> list[tuple[str, str]]:
    """Name and value of each argument; ``naming`` is what the peers are given by, ``inside`` the
    group in whose block they stand, which cannot name itself there."""
    found = [
        ("from_port", str(opening.number)),
        ("to_port", str(opening.number)),
        (protocol, f'"{opening.protocol}"'),
    ]
    if inside and list(peers) == [f"{inside}.id"]:
        return [*found, ("self", "true")]
    if naming == "security_groups" and peers:
        return [*found, (naming, f"[{', '.join(peers)}]")]
    if peers:
        return [*found, (naming, peers[0])]
    if opening.gateway:
        prefixes = f"{opening.gateway.removeprefix(place.home)}.prefix_list_id"
        if protocol == "ip_protocol":
            return [*found, ("prefix_list_id", prefixes)]
        return [*found, ("prefix_list_ids", f"[{prefixes}]")]
    if protocol == "ip_protocol":
        return [*found, ("cidr_ipv4", f'"{_ANYWHERE}"')]
    return [*found, ("cidr_blocks", f'["{_ANYWHERE}"]')]


def _block(head: str, lines: Sequence[tuple[str, str]], indent: str) -> str:
    width = max(len(name) for name, _ in lines)
    inner = indent or "  "
    margin = inner if not indent else indent * 2
    body = "".join(f"{margin}{name:<{width}} = {value}\n" for name, value in lines)
    return f"{indent}{head} {{\n{body}{indent}}}"


def _in_template(
    place: Place, source: FileText, group: SecurityGroup, opening: Opening, peers: Sequence[str]
) -> Edit | None:
    name = group.address.removeprefix(place.home)
    if opening.gateway:
        return None  # no attribute of a template's endpoint is its prefix list
    if len(peers) > 1 or any(_leads_to(place, peer, name) for peer in opening.peers):
        return None
    form = source.form(source.start(group.span))
    key = "SecurityGroupEgress" if opening.out else "SecurityGroupIngress"
    naming = "DestinationSecurityGroupId" if opening.out else "SourceSecurityGroupId"
    pairs = [("IpProtocol", opening.protocol), ("FromPort", str(opening.number))]
    pairs += [("ToPort", str(opening.number))]
    pairs += [(naming, peers[0])] if peers else [("CidrIp", _ANYWHERE)]
    listed = re.compile(rf"""^([ \t]*)["']?{key}["']?:(.*)$""", re.M)
    found = listed.search(source.text, source.start(group.span), source.end(group.span))
    if form is Form.YAML:
        return _yaml(source, group, key, pairs, found)
    if form is not Form.CFN_JSON or found is not None:
        return None
    quoted = [(n, v if v[0] in "{0123456789" and v != _ANYWHERE else f'"{v}"') for n, v in pairs]
    written = ", ".join(f'"{name}": {value}' for name, value in quoted)
    return argument_edit(source, group.span, (key, key), f"[{{ {written} }}]")


def _yaml(
    source: FileText,
    group: SecurityGroup,
    key: str,
    pairs: Sequence[tuple[str, str]],
    found: re.Match[str] | None,
) -> Edit | None:
    """An item behind the others of the list at ``found``, or a list of its own."""
    if found is None:
        head = properties_head(source, group.span)
        item = _item(pairs, f"{head[1]}  ") if head else ""
        edit = argument_edit(source, group.span, (key, key), f"\n{item}") if head else None
        return edit and replace(edit, text=edit.text.replace(": \n", ":\n"))
    if found[2].partition("#")[0].strip():
        return None
    start = source.line_end(found.end())
    end = _end_of_list(source, start, found[1])
    dash = re.search(r"\n( +)- ", source.text[start:end])
    if dash is None:
        return None
    return Edit(source.span(end, end), f"\n{_item(pairs, dash[1])}")


def _end_of_list(source: FileText, key: int, margin: str) -> int:
    """Where the last line ends of a list whose key's line, behind ``margin``, ends there."""
    outside = re.compile(rf"^(?!{margin}[ -])(?=[ \t]*\S)", re.M).search(source.text, key)
    end = outside.start() if outside else len(source.text)
    return max(key, source.line_end(len(source.text[:end].rstrip())))


def _item(pairs: Sequence[tuple[str, str]], margin: str) -> str:
    lines = [f"{name}: {value}" for name, value in pairs]
    return "\n".join(f"{margin}{'  ' if n else '- '}{line}" for n, line in enumerate(lines))


def _leads_to(place: Place, peer: Value, name: str) -> bool:
    """Does the other group name this one? Of two that name each other a template makes none."""
    group = place.stack.find(SecurityGroup, peer)
    source = place.sources.at(group.span) if group else None
    return bool(group and source and re.search(rf"\b{re.escape(name)}\b", source.slice(group.span)))
