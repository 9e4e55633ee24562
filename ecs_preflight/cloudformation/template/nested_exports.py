"""What the stacks of one family export to each other: a template, its nested stacks and theirs."""

from __future__ import annotations

from collections.abc import Iterable

from ...symbolic.terms import Term
from ...symbolic.values import Known, Value, expanded, text_term
from .instance import TemplateInstance


def find(name: Value, family: Iterable[TemplateInstance]) -> Value | None:
    """The value of the output that is exported by just this name, be it known or not; None where
    none of the family is, or several are, of which one alone can be deployed."""
    wanted = text_term(expanded(name))
    if wanted is None:
        return None
    found = [
        instance.output(output)
        for instance in family
        if (output := _exported(instance).get(wanted)) is not None
    ]
    return found[0] if len(found) == 1 and found[0] != Known(None) else None


def _exported(instance: TemplateInstance) -> dict[Term, str]:
    """Its outputs by the names that they are exported by, worked out once for the worlds that do
    not differ in them."""
    return instance.once("exports", lambda: _named(instance), {})


def _named(instance: TemplateInstance) -> dict[Term, str]:
    named = ((instance.exported(output), output) for output in instance.outputs)
    terms = ((text_term(expanded(name)), output) for name, output in named if name is not None)
    return {term: output for term, output in terms if term is not None}
