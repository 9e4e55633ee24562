"""Names that ECS's resources refer to and their template does not declare (facts Q11).

CloudFormation looks at all references before it makes anything, those of conditions that do not
hold too, and refuses the whole template.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.wording import quoted
from ..model import Resource, Stack
from ..symbolic.source import Span, is_within
from ..symbolic.terms import Name
from ..symbolic.values import Entries, Items, Text, Unknown, Value, Why
from .settings import SettingFault


def of_references(stack: Stack, owner: Resource, body: Value) -> Iterator[SettingFault]:
    """All such names in the resource ``owner``, whose properties ``body`` is."""
    if stack.unread:
        return
    home = owner.address[: -len(_last(owner.address))]
    found: dict[str, Span] = {}
    for each in _undeclared(body):
        if isinstance(each.symbol, Name) and is_within(each.span, owner.span):
            written = each.symbol.path.removeprefix(home)
            found.setdefault(written.partition(".")[0], each.span)
    if found:
        yield SettingFault(
            next(iter(found.values())),
            f"'{owner.address}' refers to {quoted(found)}, which the template does not declare",
            f"Template format error: Unresolved resource dependencies [{', '.join(found)}] in the "
            "Resources block of the template",
            "Declare it as a parameter or a resource, or refer to one that is there."
            if len(found) == 1
            else "Declare them as parameters or resources, or refer to ones that are there.",
        )


def _last(address: str) -> str:
    return address.rpartition(":")[2].rpartition(".")[2]


def _undeclared(value: Value) -> Iterator[Unknown]:
    if isinstance(value, Unknown):
        if value.why is Why.UNDECLARED:
            yield value
    elif isinstance(value, Text):
        for part in value.parts:
            yield from () if isinstance(part, str) else _undeclared(part)
    elif isinstance(value, Items):
        for item in value.items:
            yield from _undeclared(item)
    elif isinstance(value, Entries):
        for _, item in value.entries:
            yield from _undeclared(item)
