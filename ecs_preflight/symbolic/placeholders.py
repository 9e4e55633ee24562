"""Texts that stand where somebody has to put the real one."""

from __future__ import annotations

import re

from .patterns import regex
from .terms import Name
from .values import Known, Text, Unknown, Value, Why, text

#: What no name of anything real holds.
_FILLED_IN = (
    r"<[^<>]*>|\{\{|(?<![a-z])change[-_ ]?(?:me|it|this)(?![a-z])|"
    r"(?<![a-z])replace[-_ ]?(?:me|this|with)|(?<![a-z])your[-_ ]|x{4,}"
)
_LATER = regex(_FILLED_IN, re.IGNORECASE)
_PLACEHOLDER = regex(
    rf"{_FILLED_IN}|\$\{{|(?<![a-z])(?:todo|fixme|placeholder|dummy)(?![a-z])", re.IGNORECASE
)


def is_placeholder(text: str) -> bool:
    """Is it what somebody has to fill in? ``<your-vpc>``, ``changeme``, ``xxxx``."""
    return _PLACEHOLDER.search(text) is not None


#: No ARN is longer (IAM and STS quotas).
_LONGEST = 2_048


def is_filled_in(text: str) -> bool:
    """Is a part of the name or the ARN there to be filled in: can nothing real be called so?"""
    return len(text) <= _LONGEST and _LATER.search(text) is not None


def opened(value: Value) -> Value:
    """A name or an ARN with a hole for each part that somebody has to fill in; the very value where
    there is none."""
    if isinstance(value, Known):
        if not isinstance(value.value, str) or not is_filled_in(value.value):
            return value
        return text([*_parts(value.value)], value.span)
    if not isinstance(value, Text):
        return value
    if not any(isinstance(part, str) and is_filled_in(part) for part in value.parts):
        return value
    parts = (_parts(part) if isinstance(part, str) else (part,) for part in value.parts)
    return text([part for found in parts for part in found], value.span)


def _parts(written: str) -> list[Value]:
    pieces = re.split("([:/])", written)
    return [
        Unknown(f"'{piece}' is to be filled in", Name(piece), Why.INPUT)
        if is_filled_in(piece)
        else Known(piece)
        for piece in pieces
        if piece
    ]


_MARK = regex(r"\{[{%#]|<%")
#: How much of a line is looked at for what depends on where strings end.
LONGEST = 2_000
#: envsubst's and templatefile's mark, which Terraform and JSON take in strings alone, and Terraform
#: not in a block's label.
_SUBSTITUTED = regex(r'([^"]|"([^"\\]|\\.)*")*\$\{|\s*\w+(\s+"[^"$]*")*\s+"[^"$]*\$\{[^"]*".*\{\s*')


def has_template_mark(line: str) -> bool:
    """Does a template engine fill in the line before Terraform or CloudFormation reads it? Jinja's,
    Go's, Mustache's and ERB's marks do not parse where they stand outside a string."""
    return _MARK.search(line) is not None


def is_substituted(line: str) -> bool:
    """Does a shell fill in the line of Terraform or JSON before that is read?"""
    return _SUBSTITUTED.match(line[:LONGEST]) is not None
