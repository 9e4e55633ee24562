"""What a task definition file reads of a Terraform root's outputs, as ecspresso does of a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..adapters.fields import field
from ..model import Stack
from ..model.rewriting import resolved
from ..symbolic.records import replace
from ..symbolic.values import ABSENT, Items, Known, Reference, Text, Unknown, Value, Why

_OUTPUT = "output."


def with_outputs(
    stack: Stack, output: Callable[[str], Iterable[tuple[Stack, Value]]]
) -> tuple[Stack, tuple[Stack, ...]]:
    """The stack with what the outputs are that it reads, and the stacks which have them; ``output``
    finds the one of a name. Of two stacks that share addresses only the first is read."""
    owners: list[Stack] = []
    taken: set[str] = set()

    def value(reference: Reference) -> Value | None:
        if not reference.address.startswith(_OUTPUT):
            return None
        name = reference.address.removeprefix(_OUTPUT)
        for owner, found in output(name):
            addresses = {resource.address for resource in owner.resources}
            if any(owner is each for each in owners) or taken.isdisjoint(addresses):
                taken.update(addresses)
                owners.append(owner)
                return _part(found, reference)
        return _unread_output(reference)

    resources = resolved(stack.resources, value)
    return replace(stack, resources=resources), tuple(owners)


def _part(output: Value, reference: Reference) -> Value:
    """What a reference reads of an output: a text, or what one hangs on."""
    found = output
    for key in reference.attribute.split(".") if reference.attribute else ():
        if isinstance(found, Items) and key.isdigit() and int(key) < len(found.items):
            found = found.items[int(key)]
        else:
            found = field(found, key)
    found = found if isinstance(found, (Known, Text, Reference, Unknown)) else ABSENT
    return _unread_output(reference) if found == ABSENT else replace(found, span=reference.span)


def _unread_output(reference: Reference) -> Unknown:
    return Unknown(
        f"'{reference.address}' is of a state whose code is not in the repository",
        reference.symbol,
        Why.OUTSIDE,
        span=reference.span,
    )
