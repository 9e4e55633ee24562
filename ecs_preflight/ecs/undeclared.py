"""Names that ECS's resources refer to and their template does not declare (facts Q11).

CloudFormation looks at all references before it makes anything, those of conditions that do not
hold too, and refuses the whole template.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.wording import quoted
from ..model import Resource, Stack
from ..symbolic.leaves import holes_in
from ..symbolic.source import Span, is_within
from ..symbolic.terms import Name
from ..symbolic.values import Unknown, Value, Why
from .settings import SettingFault


def of_references(stack: Stack, owner: Resource, body: Value) -> Iterator[SettingFault]:
    """All such names in the resource ``owner``, whose properties ``body`` is."""
    if stack.unread:
        return
    home = owner.address[: -len(_last(owner.address))]
    found: dict[str, Span] = {}
    for each in holes_in(body):
        if not isinstance(each, Unknown) or each.why is not Why.UNDECLARED:
            continue
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
