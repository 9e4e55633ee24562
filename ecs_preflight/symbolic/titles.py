"""Values as messages name them."""

from __future__ import annotations

from .values import Reference, Text, Value, shown_value

#: Attributes that stand for the resource itself, in either language; "" is the whole of it.
_OWN = ("", "arn", "id", "Arn", "Ref")


def shown_title(value: Value) -> str:
    """A resource's own ARN or id by the resource's address, with what follows it; any other value
    as ``shown_value`` has it."""
    head, *rest = value.parts if isinstance(value, Text) else (value,)
    if not isinstance(head, Reference) or head.attribute not in _OWN:
        return shown_value(value)
    return head.address + "".join(p if isinstance(p, str) else shown_value(p) for p in rest)
