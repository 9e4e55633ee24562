"""The rule of a security group for another port: in its place, or beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...model import SecurityGroup, Stack
from ...symbolic.source import Span, is_within
from ...symbolic.values import literal
from ..finding import Draft, Edit, Fix
from ..sources import FileText, Form, Sources
from .edits import with_edits
from .insertions import block_behind, item_behind
from .places import Place, module_files, texts
from .policies import free_label
from .removals import LOGICAL_ID, RESOURCE
from .settings import setting, together

#: SSH and RDP.
_FOR_PEOPLE = ("22", "3389")


def reaching(
    stack: Stack, address: str, wanted: tuple[str, str, str], users: Sequence[Span]
) -> Draft | None:
    """The one rule by which anything enters the group for the ports ``wanted`` (the first, the
    last, the protocol): in its place where the group is for nothing but what stands at ``users``,
    else beside it. None where the group has several rules, or one that is for addresses and may not
    be the load balancer's."""
    group = stack.at(SecurityGroup, address)
    if group is None or len(group.ingress.items) != 1 or group.ingress.remainder is not None:
        return None
    (rule,) = group.ingress
    is_range = wanted[0] != wanted[1]
    if (is_range or literal(rule.first) in _FOR_PEOPLE) and not rule.groups.items:
        return None
    written = zip((rule.first, rule.last, rule.protocol), wanted, strict=True)
    changes = [(value.span, new) for value, new in written if literal(value) != new]
    replaced = together(*(setting(span, new) for span, new in changes)) if changes else None

    def draft(fix: Fix, sources: Sources) -> Fix | None:
        made = replaced(fix, sources) if replaced else None
        source = sources.at(group.span)
        if made is None or source is None:
            return None
        place = Place.beside(stack, sources, source.file, group.address)
        if users and not _is_for_others(place, group, users):
            return made
        return with_edits(fix, [_added(place, rule.span, made.edits, wanted[0])])

    return draft


def _is_for_others(place: Place, group: SecurityGroup, users: Sequence[Span]) -> bool:
    """Is the group named by anything but what stands there, and groups and rules of them?"""
    label = group.address.removeprefix(place.home).partition("[")[0]
    name = re.compile(rf"(?<![\w.-]){re.escape(label)}(?![\w-])")
    groups = place.stack.of(SecurityGroup)
    rules = (rule.span for each in groups for rule in (*each.ingress, *each.egress))
    known = [*users, *(each.span for each in groups), *rules]
    files = module_files(place.stack, place.folder) if place.is_terraform else [place.file]
    return any(
        not any(is_within(source.span(*found.span()), span) for span in known)
        for source in map(place.sources.of, files)
        for found in name.finditer(source.text)
    )


def _added(place: Place, rule: Span, edits: Sequence[Edit], port: str) -> Edit | None:
    """The rule once more behind itself, with the edits; None where one is elsewhere."""
    source = place.sources.at(rule)
    if source is None or not all(is_within(edit.span, rule) for edit in edits):
        return None
    text, start = source.slice(rule), source.start(rule)
    for edit in sorted(edits, key=lambda edit: -source.start(edit.span)):
        first, last = source.start(edit.span) - start, source.end(edit.span) - start
        text = text[:first] + edit.text + text[last:]
    return _behind(place, source, rule, text, port)


def _behind(place: Place, source: FileText, rule: Span, text: str, port: str) -> Edit | None:
    start, end = source.start(rule), source.end(rule)
    indent = source.text[source.line_start(start) : start]
    if source.form(start) is Form.HCL:
        head = RESOURCE.match(text)
        if head is not None:
            label = free_label(place, f"{head[2]}_{port}", head[1])
            text = text.replace(f'"{head[2]}"', f'"{label}"', 1)
        if head is not None or re.match(r"ingress\s*\{", text):
            return None if indent.strip() else block_behind(source, end, indent + text)
    named = LOGICAL_ID.match(text) if source.form(start) is Form.YAML else None
    if named is not None and not source.in_flow(start) and not indent.strip():
        label = f"{named[1]}{port}"
        is_taken = any(re.search(rf"\b{label}\b", each) for each in texts(place))
        new = text.replace(named[1], label, 1)
        return None if is_taken else block_behind(source, end, indent + new)
    return item_behind(source, rule, text)
