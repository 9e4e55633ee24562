"""``yamlencode``, in the block style that Terraform writes.

Source: the Terraform documentation, "yamlencode Function"; go-cty-yaml. Terraform does not promise
the exact text; what is computed here is what version 1.11 writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....symbolic.terms import scalar_text
from ....symbolic.values import (
    Entries,
    Items,
    Known,
    Unknown,
    Value,
    Why,
)
from ..comparison import wholly_known
from ..faults import NotComputable
from .base import CallContext
from .resolve import resolved

#: Terraform's writer folds a quoted string at the first space beyond this column, and writes a key
#: that is longer than this (or has line breaks) in a form of its own.
_WIDTH, _LONG_KEY = 80, 120
_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\t": "\\t",
    "\r": "\\r",
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\v": "\\v",
    "\f": "\\f",
    "\x1b": "\\e",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
    "\n": "\\n",
    "\ufeff": "\\uFEFF",
}
#: What a literal block cannot hold.
_QUOTED = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[ ]\n|[ ]$")


def yamlencode(context: CallContext, value: Value) -> Value:
    value = resolved(value, context.scope, context.span)
    if not wholly_known(value):
        return context.unknown(value)
    if isinstance(value, Known) and not isinstance(value.value, str):
        return Known(f"{_plain(value)}\n...\n", context.span)
    return Known("\n".join(_lines(value, 0, 0, "  ")) + "\n", context.span)


def _plain(value: Known) -> str:
    return "null" if value.value is None else scalar_text(value.value)


def _lines(value: Value, column: int, base: int, hang: str) -> list[str]:
    """The lines of a node that begins at ``column``. Further lines are relative to the column
    ``base``; those of a string hang behind ``hang``."""
    if isinstance(value, Items) and value.items:
        found = []
        for item in value.items:
            start, *others = _lines(item, column + 2, column + 2, "")
            found.extend([f"- {start}", *(f"  {line}" if line else "" for line in others)])
        return found
    if isinstance(value, Entries) and value.entries:
        return [
            line
            for key, item in sorted(value.entries, key=lambda pair: pair[0])
            for line in _member(key, item, column)
        ]
    if isinstance(value, (Items, Entries)):
        return ["[]" if isinstance(value, Items) else "{}"]
    assert isinstance(value, Known)
    if isinstance(value.value, str):
        return _text(value.value, column, base, hang)
    return [_plain(value)]


def _member(key: str, item: Value, column: int) -> Iterator[str]:
    if len(key) > _LONG_KEY or "\n" in key:
        raise NotComputable(
            Unknown("how a long key is written in YAML is not known", why=Why.FUNCTION)
        )
    name = '"' + "".join(map(_escaped, key)) + '":'
    if isinstance(item, Items) and item.items:
        yield name
        yield from _lines(item, column, column, "")
    elif isinstance(item, Entries) and item.entries:
        yield name
        for line in _lines(item, column + 2, column + 2, "  "):
            yield f"  {line}" if line else ""
    else:
        start, *others = _lines(item, column + len(name) + 1, column, "  ")
        yield f"{name} {start}"
        yield from others


def _text(text: str, column: int, base: int, hang: str) -> list[str]:
    """A quoted string, or a literal block where the text has several lines."""
    if "\n" not in text or _QUOTED.search(text):
        return _quoted(text, column, base, hang)
    if "\u2028" in text or "\u2029" in text:
        raise NotComputable(
            Unknown("how the text is written in YAML is not known", why=Why.FUNCTION)
        )
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomping = "-" if ends == 0 else "" if ends == 1 and body else "+"
    hint = "2" if text[0] in " \n" else ""
    lines = [hang + line if line else "" for line in body.split("\n")] if body else []
    return [f"|{hint}{chomping}", *lines, *[""] * (ends - bool(body))]


def _quoted(text: str, column: int, base: int, hang: str) -> list[str]:
    """In double quotes, folded at spaces."""
    lines, current = [], '"'
    begins, is_spaced = column, False
    for position, letter in enumerate(text):
        is_inside = 0 < position < len(text) - 1
        if letter == " " and not is_spaced and is_inside and begins + len(current) > _WIDTH:
            lines.append(current)
            current, begins = hang + ("\\" if text[position + 1] == " " else ""), base
        else:
            current += _escaped(letter)
        is_spaced = letter == " "
    return [*lines, current + '"']


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    code = ord(letter)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return f"\\x{code:02X}"
    if 0xFFFE <= code <= 0xFFFF:
        return f"\\u{code:04X}"
    return f"\\U{code:08X}" if code > 0xFFFF else letter
