"""The stacks of one family, a template with its nested stacks and theirs, and what they export to
each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...symbolic.terms import Term
from ...symbolic.values import Known, Value, expanded, text_term
from .instance import TemplateInstance
from .kinds import NESTED_TYPES


def _children(instance: TemplateInstance) -> Iterator[TemplateInstance]:
    for name in instance.entries:
        if instance.type_of(name) in NESTED_TYPES:
            child = instance.child(name)
            if isinstance(child, TemplateInstance):
                yield child


def nested_in(instance: TemplateInstance) -> Iterator[TemplateInstance]:
    """Its nested stacks and theirs."""
    for child in _children(instance):
        yield child
        yield from nested_in(child)


def with_children(instance: TemplateInstance) -> Iterator[TemplateInstance]:
    """The instance, and what is nested in it by resources that somebody reads."""
    yield instance
    for declared in instance.declared:
        if declared.type in NESTED_TYPES:
            child = instance.child(declared.address.removeprefix(instance.prefix))
            if isinstance(child, TemplateInstance):
                yield from with_children(child)


def exported_among(name: Value, family: Iterable[TemplateInstance]) -> Value | None:
    """The value of the output that is exported by just this name, be it known or not; None where
    none of the family is, or several are, of which one alone can be deployed."""
    wanted = text_term(expanded(name))
    if wanted is None:
        return None
    found = [
        instance.output(output)
        for instance in family
        if (output := _names_of(instance).get(wanted)) is not None
    ]
    return found[0] if len(found) == 1 and found[0] != Known(None) else None


def _names_of(instance: TemplateInstance) -> dict[Term, str]:
    """Its outputs by the names that they are exported by, worked out once for the worlds that do
    not differ in them."""
    return instance.once("exports", lambda: _named(instance), {})


def _named(instance: TemplateInstance) -> dict[Term, str]:
    named = ((instance.exported(output), output) for output in instance.outputs)
    terms = ((text_term(expanded(name)), output) for name, output in named if name is not None)
    return {term: output for term, output in terms if term is not None}
