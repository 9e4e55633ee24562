"""JSON that stands in an attribute: as a string, with holes, or as the structure itself."""

from __future__ import annotations

from dataclasses import replace

from ..jsontext import parse_json
from ..values import Entries, Items, JsonFault, Known, Reference, Text, Unknown, Value, Why, expanded


def json_value(value: Value) -> Value:
    """The structure that ``value`` is or encodes, with spans.

    A Known string that is not JSON comes back as it is, with the fault in ``encodes``; a text with
    holes whose structure cannot be told is Unknown.
    """
    if isinstance(value, (Entries, Items, Unknown)):
        return value
    text = expanded(value)
    if isinstance(text, Reference):
        return Unknown(f"'{text.symbol}' is known only after deployment", text.symbol, span=value.span)
    if isinstance(text, Known) and not isinstance(text.value, str):
        return text
    parsed = text.encodes if isinstance(text, (Known, Text)) and text.encodes else parse_json(text)
    if not isinstance(parsed, JsonFault):
        return parsed
    if isinstance(text, Known):
        return replace(text, encodes=parsed)
    return Unknown("it is JSON with parts that are not known", why=Why.FUNCTION, span=value.span)


def policy_document(value: Value) -> Value:
    """A policy's document: Entries, Unknown, Known(None), or a Known string that is not JSON."""
    document = json_value(value)
    if isinstance(document, Items):
        return Unknown("the policy is a list, not a document", why=Why.FUNCTION, span=value.span)
    return document
