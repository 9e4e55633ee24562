"""How a resource is written at a place: with the names that can be written there.

A resource of the place's own module is named by its address; one of a module that is called there
by an output that exists, one that the caller passes by the variable. What the source computes
itself (``"/${var.name}/api"``) is written with its own expressions, never with their values.
"""

from __future__ import annotations

from ...model import Bucket, LogGroup, Protected, Role, StoredParameter, TaskDefinition
from ...model.naming import revision_of
from ...symbolic.values import Value
from ..wording import arn_attribute, is_nameless, own_resource, tail_of
from .computed import computed
from .expressions import Expression, Inserted, simplified
from .handovers import handed
from .nested import handed_by_stacks
from .places import Place


def written(
    place: Place, resource: Value, origin: Value, *, handing: bool = False
) -> Expression | None:
    """The resource as it can be written at the place; ``origin`` is the value that it was read out
    of, of which the source's expression is taken. None when no name for it exists there, or, if
    it may be handed over (``handing``), can be brought about (``expressions.brought``)."""
    own = own_resource(place.stack, resource)
    if isinstance(own, Bucket) and (key := computed(place, resource, origin)):
        return key  # of one object, where all of the bucket's were the other way to write it
    if own is not None:
        named = _named(place, own)
        if named is not None:
            return _with_tail(place, own, named, tail_of(own, resource))
    of_definition = _of_definition(place, resource)
    if of_definition is not None:
        return of_definition
    found = None if own and is_nameless(own) else computed(place, resource, origin)
    if found is not None or own is None or not handing or not place.is_terraform:
        return found
    new = handed(place, own, adding=True)
    return None if new is None else _with_tail(place, own, new, tail_of(own, resource))


def _of_definition(place: Place, resource: Value) -> Expression | None:
    """All revisions of a task definition of Terraform's, which stands in the place's module."""
    address = revision_of(resource)
    task = place.stack.at(TaskDefinition, address) if address else None
    name = None if task is None or not place.is_terraform else place.name_of(task.address)
    if name is None:
        return None
    return simplified((Inserted(f"{name}.arn_without_revision"), ":*"))


def _named(place: Place, own: Protected | Role) -> Inserted | None:
    """An expression for the resource's ARN by the names that there are."""
    if place.is_terraform:
        return handed(place, own, adding=False)
    name = place.name_of(own.address)
    if name is None:
        return handed_by_stacks(place, own)
    if isinstance(own, StoredParameter):
        return None
    return Inserted(name + arn_attribute(own))


def _with_tail(place: Place, own: Protected | Role, named: Inserted, tail: str) -> Expression:
    if isinstance(own, LogGroup) and not place.is_terraform:
        tail = ""  # Fn::GetAtt gives the ARN with ':*' (facts B5)
    return simplified((named, tail))
