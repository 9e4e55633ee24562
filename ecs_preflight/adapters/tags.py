"""The tags of a resource, in either language, which conditions of policies ask for."""

from __future__ import annotations

from ..symbolic.records import replace
from ..symbolic.values import Entries, Items, Unknown, Value, Why, first, literal
from .fields import block, field, is_null
from .units import Declared


def tags_of(declared: Declared) -> Entries | Unknown:
    """By their keys: those that are written, with the provider's ``default_tags`` in Terraform.
    What CloudFormation makes gets the tags of its stack as well, which no template shows."""
    body = declared.body
    written = body.get("tags_all") if "tags_all" in body else field(body, "Tags")
    found = by_key(written)
    if declared.stack is None or isinstance(found, Unknown):
        return found
    more = Unknown("its stack may be given tags", why=Why.INPUT, span=declared.span)
    return replace(found, remainder=first(found.remainder, more))


def by_key(written: Value) -> Entries | Unknown:
    """Tags by their keys, be they a map or a list of pairs."""
    if is_null(written):
        return Entries((), span=written.span)
    if not isinstance(written, Items):
        found = block(written)
        return (
            found
            if isinstance(found, (Entries, Unknown))
            else Unknown("its tags are no map", why=Why.FUNCTION, span=written.span)
        )
    entries: list[tuple[str, Value]] = []
    remainder = written.remainder
    for item in written:
        key = literal(field(item, "Key"))
        if key is None:
            remainder = first(
                remainder,
                Unknown("the key of a tag is not known", why=Why.FUNCTION, span=item.span),
            )
        else:
            entries.append((key, field(item, "Value")))
    return Entries(tuple(entries), remainder, written.span)
