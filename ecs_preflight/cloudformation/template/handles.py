"""How stacks name each other's outputs."""

from __future__ import annotations

import string
from collections.abc import Hashable

from ...symbolic.strings import Blank, Tokens, tokens
from ...symbolic.values import Hole, Text, Value, expanded, literal

#: How another stack names an output: by its export's name, or by the stack's name and its own.
Handle = tuple[Tokens, ...]
#: A stack's name, or what else stands in a hole of an export's name.
_STACK = Blank(letters=frozenset(string.ascii_letters + string.digits + "-"), least=1)


def named(value: Value) -> Tokens | None:
    """An export's name; None where no more than holes are known of it."""
    value = expanded(value)
    if isinstance(value, Text) and not any(isinstance(part, str) for part in value.parts):
        return None
    return tokens(value, of_hole=_stack) if isinstance(value, Text) else exactly(value)


def exactly(value: Value) -> Tokens | None:
    """A name that is known whole; None of any other."""
    written = literal(value)
    return None if written is None else (written,)


def handle_of(names: tuple[Value, ...]) -> Handle | None:
    """By an export's name, or by a stack's name and its output's; None where too little is known
    of one."""
    name_of = named if len(names) == 1 else exactly
    found = tuple(name for name in map(name_of, names) if name is not None)
    return found if len(found) == len(names) else None


def is_open(handle: Handle) -> bool:
    """Is there a hole in it?"""
    return any(isinstance(token, Blank) for name in handle for token in name)


def stack_in(name: Value, known: Tokens) -> Hashable:
    """What stands in the hole of an export's name, where another names it so: ``production`` in
    ``production-Vpc`` for ``${AWS::StackName}-Vpc``. Two with the same are one stack's."""
    value = expanded(name)
    if isinstance(value, Text):
        return tuple(part for part in value.parts if not isinstance(part, str))
    written, ends = literal(value) or "", [part if isinstance(part, str) else "" for part in known]
    return written[len(ends[0]) : len(written) - len(ends[-1])] if len(ends) > 1 else written


def _stack(_: Hole) -> Blank:
    return _STACK
