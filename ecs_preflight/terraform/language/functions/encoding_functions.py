"""Encoding functions: JSON, YAML, CSV, base64 and URLs."""

from __future__ import annotations

import base64
import binascii
import codecs
import csv
import io
from urllib.parse import quote_plus

from ....symbolic import jsontext
from ....symbolic.budget import charge
from ....symbolic.values import (
    Entries,
    Items,
    JsonFault,
    Known,
    Reference,
    Unknown,
    Value,
    Why,
    without_holes,
)
from ...syntax import numeric
from ..faults import EvaluationFault, NotComputable, beyond_limits
from ..sizes import MAX_ITEMS, Sizes
from ..value_types import ANY, STRING
from .base import CallContext, plain, symbolic
from .json_writer import encoded
from .resolve import resolved


def _jsonencode(context: CallContext, value: Value) -> Value:
    charge(4 * Sizes().of(value))
    return encoded(resolved(value, context.scope, context.span), context.span)


def _yamldecode(context: CallContext, value: Value) -> Value:
    from .yaml_reader import yamldecode  # where it is used: many scans read no YAML

    return yamldecode(context, value)


def _jsondecode(context: CallContext, value: Value) -> Value:
    if isinstance(value, Reference) and value.text is None:
        return context.unknown(value)
    charge(len(without_holes(value)) // 4)
    parsed = jsontext.parse_json(value, number=numeric.parse)
    if isinstance(parsed, JsonFault):
        raise EvaluationFault(f"the text is not JSON: {parsed.reason}")
    return parsed


def _base64encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _base64decode(text: str) -> str:
    try:
        return _decoded(text).decode()
    except UnicodeDecodeError:
        raise EvaluationFault("the text encoded in base64 is not UTF-8") from None


def _decoded(text: str) -> bytes:
    try:
        # Go's decoder skips line breaks.
        return base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise EvaluationFault("the text is not base64") from None


#: Codecs of Python's that are no character encodings.
_PYTHONS_OWN = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")


def _codec(name: str) -> str:
    """The Python codec of an IANA name. UTF-16 without an order is big-endian, with a mark."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        raise NotComputable(
            Unknown(f"the encoding '{name}' is not known", why=Why.FUNCTION)
        ) from None
    if not getattr(found, "_is_text_encoding", True) or found.name in _PYTHONS_OWN:
        raise EvaluationFault(f"'{name}' is no encoding")
    return found.name


def _textencodebase64(text: str, name: str) -> str:
    codec = _codec(name)
    try:
        data = (
            codecs.BOM_UTF16_BE + text.encode("utf-16-be")
            if codec == "utf-16"
            else text.encode(codec)
        )
    except UnicodeError:
        raise EvaluationFault(f"the text cannot be written in {name}") from None
    return base64.b64encode(data).decode()


def _textdecodebase64(source: str, name: str) -> str:
    try:
        return _decoded(source).decode(_codec(name))
    except UnicodeError:
        raise EvaluationFault(f"the data is not {name}") from None


def _csvdecode(text: str) -> Value:
    """A list of objects, one for each line below the header."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise EvaluationFault(f"the text is not CSV: {error}") from None
    if not rows:
        raise EvaluationFault("the CSV has no header")
    header, *lines = rows
    if len(rows) * len(header) > MAX_ITEMS:
        raise beyond_limits("a CSV text")
    if len(set(header)) < len(header):
        raise EvaluationFault("two columns of the CSV have the same name")
    if any(len(line) != len(header) for line in lines):
        raise EvaluationFault("a line of the CSV has another number of columns than its header")
    objects = tuple(_object(dict(zip(header, line, strict=True))) for line in lines)
    return Items(objects, uniform=True)


def _object(members: dict[str, str]) -> Value:
    return Entries(tuple((key, Known(value)) for key, value in sorted(members.items())))


def _urlencode(text: str) -> str:
    return quote_plus(text, safe="-_.~")


def _base64gzip(text: str) -> Value:
    raise NotComputable(
        Unknown("what the compressor writes cannot be computed here", why=Why.FUNCTION)
    )


FUNCTIONS = {
    "base64decode": plain(_base64decode, STRING),
    "base64encode": plain(_base64encode, STRING),
    "base64gzip": plain(_base64gzip, STRING),
    "csvdecode": plain(_csvdecode, STRING),
    "jsondecode": symbolic(_jsondecode, STRING),
    "jsonencode": symbolic(_jsonencode, ANY, takes_null=True, keeps_references=True),
    "textdecodebase64": plain(_textdecodebase64, STRING, STRING),
    "textencodebase64": plain(_textencodebase64, STRING, STRING),
    "urlencode": plain(_urlencode, STRING),
    "yamldecode": symbolic(_yamldecode, STRING),
}
