"""``yamlencode``, in the block style that Terraform writes.

Source: the Terraform documentation, "yamlencode Function"; go-cty-yaml. Terraform does not promise the
exact text; what is computed here is what version 1.11 writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...values import Entries, Items, Known, Unknown, Value, Why, scalar_text
from ..comparison import wholly_known
from ..faults import Undecided
from .base import CallContext
from .wholes import resolved

#: The width beyond which Terraform's writer folds a quoted string.
_WIDTH = 80
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r", "\0": "\\0", "\a": "\\a", "\b": "\\b",
            "\v": "\\v", "\f": "\\f", "\x1b": "\\e", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L",
            "\u2029": "\\P", "\n": "\\n"}


def yamlencode(context: CallContext, value: Value) -> Value:
    value = resolved(value, context.scope, context.span)
    if not wholly_known(value):
        return context.unknown(value)
    if isinstance(value, Known) and not isinstance(value.value, str):
        return Known(f"{_plain(value)}\n...\n", context.span)
    return Known("\n".join(_lines(value)) + "\n", context.span)


def _plain(value: Known) -> str:
    return "null" if value.value is None else scalar_text(value.value)


def _lines(value: Value) -> list[str]:
    """The block's lines, its own indentation not included."""
    if isinstance(value, Items) and value.items:
        found = []
        for item in value.items:
            first, *others = _lines(item)
            found.extend([f"- {first}", *(f"  {line}" if line else "" for line in others)])
        return found
    if isinstance(value, Entries) and value.entries:
        return [line for key, item in sorted(value.entries, key=lambda pair: pair[0])
                for line in _member(key, item)]
    if isinstance(value, (Items, Entries)):
        return ["[]" if isinstance(value, Items) else "{}"]
    assert isinstance(value, Known)
    return _text(value.value) if isinstance(value.value, str) else [_plain(value)]


def _member(key: str, item: Value) -> Iterator[str]:
    name = _quoted(key)
    lines = _lines(item)
    if isinstance(item, Items) and item.items:
        yield f"{name}:"
        yield from lines
    elif isinstance(item, Entries) and item.entries:
        yield f"{name}:"
        yield from (f"  {line}" if line else "" for line in lines)
    else:
        yield f"{name}: {lines[0]}"
        yield from lines[1:]


def _text(text: str) -> list[str]:
    """A quoted string, or a literal block where the text has several lines."""
    if "\n" not in text:
        return [_quoted(text)]
    if re.search(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\U0010ffff]|\t|[ ]\n|[ ]$", text):
        raise Undecided(Unknown("how the text is written in YAML is not known", why=Why.FUNCTION))
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    if not body:
        raise Undecided(Unknown("how the text is written in YAML is not known", why=Why.FUNCTION))
    chomping = "-" if ends == 0 else "" if ends == 1 else "+"
    hint = "2" if text[0] in " \n" else ""
    lines = [f"  {line}" if line else "" for line in body.split("\n")]
    return [f"|{hint}{chomping}", *lines, *[""] * (ends - 1)]


def _quoted(text: str) -> str:
    if len(text) > _WIDTH // 2 and " " in text:
        raise Undecided(Unknown("where a long text is folded in YAML is not known", why=Why.FUNCTION))
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    code = ord(letter)
    if code < 0x20 or 0x7f <= code < 0xa0:
        return f"\\x{code:02x}"
    if code == 0xfeff or 0xfffe <= code <= 0xffff:
        return f"\\u{code:04x}"
    return letter
