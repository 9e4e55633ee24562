"""What the collection functions share: reading lists and maps of which not all is known."""

from __future__ import annotations

from ....symbolic.strings import least_length, parts_of
from ....symbolic.values import Entries, Items, Known, Reference, Text, Unknown, Value
from ..comparison import as_set, wholly_known
from ..faults import EvaluationFault
from .base import CallContext

#: An unknown value is compared with the members of a collection that has at most so many.
MAX_TRIED = 8


def is_hidden(value: Value) -> bool:
    """Is it not even known what kind of value it is?"""
    return isinstance(value, Unknown) or (isinstance(value, Reference) and value.text is None)


def is_open(value: Value) -> bool:
    """Is it not known how many elements there are, or in which order?"""
    if isinstance(value, Items):
        return value.remainder is not None or (value.is_set and not wholly_known(value))
    return not isinstance(value, Entries) or value.remainder is not None


def items_of(value: Value) -> Items:
    """A list, set or tuple; a set in its order. Raises Fault."""
    if not isinstance(value, Items):
        raise EvaluationFault("a list is required")
    return as_set(value) if value.is_set else value


def sorted_entries(value: Value) -> list[tuple[str, Value]]:
    """A map's or object's members in the order of their keys. Raises Fault."""
    if not isinstance(value, Entries):
        raise EvaluationFault("a map or object is required")
    return sorted(value.entries, key=lambda pair: pair[0])


def is_filled(value: Value) -> bool:
    """Is it a text that is certainly not empty?"""
    is_text = isinstance(value, Text) or (isinstance(value, Reference) and value.text is not None)
    return is_text and least_length(parts_of(value) or ()) > 0


def is_given(context: CallContext, value: Value) -> bool | None:
    """Is it neither null nor an empty string? None where the world does not say."""
    if isinstance(value, Known):
        return value.value not in (None, "")
    if isinstance(value, Text):
        return True if least_length(parts_of(value) or ()) else None
    if not isinstance(value, Unknown):
        return True
    path_condition = context.scope.path_condition
    answers = (path_condition.equals(value, None), path_condition.equals(value, ""))
    if True in answers:
        return False
    return None if None in answers else True


def among(context: CallContext, value: Value, members: list[Value]) -> int | None:
    """Which of the members an unknown value is in this world: its position, -1 for none of them,
    None where the world does not say."""
    if not isinstance(value, Unknown) or len(members) > MAX_TRIED:
        return None
    ask = context.scope.path_condition.equals
    answers = [
        ask(value, member.value) if isinstance(member, Known) else None for member in members
    ]
    if True in answers:
        return answers.index(True)
    return None if None in answers else -1
