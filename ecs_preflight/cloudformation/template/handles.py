"""How stacks name each other's outputs."""

from __future__ import annotations

from ...symbolic.values import Text, Value, expanded, literal

#: How another stack names an output: by its export's name, or by the stack's name and its own. A
#: hole in the export's name, as the name of the stack leaves one, stands in it as HOLE.
Handle = tuple[str, ...]
HOLE = "${}"


def named(value: Value) -> str | None:
    """An export's name, its holes as HOLE; None where no more than holes are known of it."""
    value = expanded(value)
    if isinstance(value, Text) and any(isinstance(part, str) for part in value.parts):
        return "".join(part if isinstance(part, str) else HOLE for part in value.parts)
    return literal(value)
