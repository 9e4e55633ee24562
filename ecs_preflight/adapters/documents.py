"""JSON that stands in an attribute: as a string, with holes, or as the structure itself."""

from __future__ import annotations

from ..symbolic.jsontext import parse_json
from ..symbolic.records import replace
from ..symbolic.values import (
    Entries,
    Items,
    JsonFault,
    Known,
    Reference,
    Text,
    Unknown,
    Value,
    Why,
    expanded,
)


def json_value(value: Value) -> Value:
    """The structure that ``value`` is or encodes, with spans.

    A text that is not JSON, whatever its holes become, comes back as it is, with the fault in
    ``encodes``.
    """
    if isinstance(value, (Entries, Items, Unknown)):
        return value
    text = expanded(value)
    if isinstance(text, Reference):
        return Unknown(
            f"'{text.symbol}' is known only after deployment", text.symbol, span=value.span
        )
    if isinstance(text, Known) and not isinstance(text.value, str):
        return text
    parsed = parse_json(text)
    if not isinstance(parsed, JsonFault):
        return parsed
    return replace(text, encodes=parsed) if isinstance(text, (Known, Text)) else text


def policy_document(value: Value) -> Value:
    """A policy's document: Entries, Unknown, Known(None), or a text that is not JSON."""
    document = json_value(value)
    if isinstance(document, Items):
        return Unknown("the policy is a list, not a document", why=Why.FUNCTION, span=value.span)
    return document
